import { groupByInstant, planCalls } from "./calls.mjs"
import { readInvoices } from "./invoices.mjs"
import { createClient } from "./viaggio-client.mjs"

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000
const BATCH_SIZE = 100

/**
 * Runs a file of invoices through a running Viaggio: a sandbox of its own, the journey published in it, and then,
 * instant by instant, the clock moved on and the events of that instant sent. At the end the clock stands at the
 * first midnight UTC after the last invoice. Answers `{ workspace, stats, report }`.
 */
export async function runReplay({ file, url, key, journey, onProgress = () => {} }) {
  const invoices = await readInvoices(file)
  if (invoices.length === 0) throw new Error(`${file} has no invoice`)
  const groups = groupByInstant(invoices)
  const workspace = await createClient({ url, apiKey: key }).createSandbox(
    "Replay",
    invoices[0].at - MINUTE_MS,
  )
  const client = createClient({ url, ...workspace })
  await client.saveJourney(journey)
  await client.publishJourney(journey.key)

  const report = createReport(invoices.length)
  const identified = new Set()
  for (const [index, { at, invoices: together }] of groups.entries()) {
    const calls = together.flatMap(invoice => report.note(planCalls(invoice, identified)))
    await client.advanceClock(at)
    for (let from = 0; from < calls.length; from += BATCH_SIZE) {
      const batch = calls.slice(from, from + BATCH_SIZE)
      report.noteAnswer(await client.sendBatch(batch), batch)
    }
    onProgress(index + 1, groups.length, new Date(at).toISOString().slice(0, 10))
  }
  const lastAt = groups.at(-1).at
  await client.advanceClock(lastAt - (lastAt % DAY_MS) + DAY_MS)
  return { workspace, stats: await client.readStats(journey.key), report }
}

/** Counts what was sent, what the door said to it and what was left out; nothing disappears without a number. */
function createReport(invoices) {
  const report = { invoices, sent: {}, accepted: 0, duplicates: 0, rejected: [], skipped: {} }
  const add = (counts, name) => {
    counts[name] = (counts[name] ?? 0) + 1
  }
  return Object.assign(report, {
    note({ calls = [], skipped }) {
      if (skipped) add(report.skipped, skipped)
      for (const call of calls) add(report.sent, call.event ?? call.type)
      return calls
    },
    noteAnswer({ accepted, duplicates, rejected }, batch) {
      report.accepted += accepted
      report.duplicates += duplicates
      for (const one of rejected) report.rejected.push({ messageId: batch[one.index]?.messageId, ...one })
    },
  })
}
