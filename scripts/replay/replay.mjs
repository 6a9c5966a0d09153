/**
 * npm run replay -- FILE [--url http://localhost:3000] [--key …] [--journey FILE] [--stats FILE]
 *
 * Runs an Online Retail file (CSV, also gzipped) through a running Viaggio. The key is an API key with all rights;
 * without --key it is VIAGGIO_ADMIN_KEY. Exits 1 when the server refused a call or an event.
 */
import { readFileSync, writeFileSync } from "node:fs"
import { parseArgs } from "node:util"
import { createProgress } from "./progress.mjs"
import { runReplay } from "./run-replay.mjs"

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    url: { type: "string", default: `http://localhost:${process.env.PORT ?? 3000}` },
    key: { type: "string", default: process.env.VIAGGIO_ADMIN_KEY ?? "" },
    journey: { type: "string" },
    stats: { type: "string" },
  },
})

async function main() {
  const [file] = positionals
  if (!file) return complain("Which file? npm run replay -- online-retail.csv.gz")
  if (!values.key) return complain("Which key? Set VIAGGIO_ADMIN_KEY here and for the server, or give --key.")
  const journeyFile = values.journey ?? new URL("post-purchase.json", import.meta.url)
  const journey = JSON.parse(readFileSync(journeyFile, "utf8"))
  let progress
  const startedAt = performance.now()
  const { workspace, stats, report } = await runReplay({
    file,
    url: values.url,
    key: values.key,
    journey,
    onProgress: (done, total, day) => {
      progress ??= createProgress({ total })
      progress.show(done, day)
    },
  })
  progress?.end()
  print(report, (performance.now() - startedAt) / 1000)
  const address = `${values.url}/api/v1/journeys/${journey.key}/stats`
  console.log(`workspace ${workspace.id}; its statistics:`)
  console.log(
    `  curl -s -H "Authorization: Bearer ${workspace.apiKey}" ${address} | python3 -m json.tool --sort-keys`,
  )
  if (values.stats) writeFileSync(values.stats, `${JSON.stringify(stats, null, 2)}\n`)
  if (report.rejected.length > 0) process.exitCode = 1
}

function print(report, seconds) {
  console.log(`${report.invoices} invoices in ${seconds.toFixed(1)} s`)
  for (const [name, count] of Object.entries(report.sent)) console.log(`  ${count} ${name}`)
  for (const [reason, count] of Object.entries(report.skipped)) console.log(`  ${count} skipped: ${reason}`)
  console.log(
    `the door accepted ${report.accepted}, knew ${report.duplicates} already, rejected ${report.rejected.length}`,
  )
  for (const { messageId, field, text } of report.rejected)
    console.error(`  rejected ${messageId}: ${field}: ${text}`)
}

function complain(text) {
  console.error(text)
  process.exitCode = 2
}

await main().catch(error => complain(error.message))
