import { spawnSync } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { findChromium } from "../chromium.mjs"

const node = process.execPath
/** A section that hangs must not hang the rest. */
const SECTION_WITHIN_MS = 20 * 60_000

/** What `npm test` runs, in this order. `counts` says whose report holds the number of tests. */
export const SECTIONS = [
  { name: "types", title: "types of all packages", command: ["npm", "run", "types", "--silent"] },
  { name: "lint", title: "lint and format", command: ["npm", "run", "lint", "--silent"] },
  { name: "rules", title: "imports, purity, unused code", command: [node, "scripts/rules/run.mjs"] },
  { name: "rules:prove", title: "each rule turns red", command: [node, "scripts/rules/prove.mjs"] },
  { name: "model", title: "journey model", folder: "packages/journey-model", counts: "vitest" },
  { name: "server", title: "server, on real databases", folder: "apps/server", counts: "vitest" },
  { name: "mutants", title: "planted faults are found", command: [node, "scripts/mutants.mjs"] },
  {
    name: "crash",
    title: "kill -9 under load",
    folder: "apps/server",
    flags: ["--config", "chaos/vitest.config.ts"],
    counts: "vitest",
  },
  { name: "web", title: "web app, without a browser", folder: "apps/web", counts: "vitest" },
  { name: "scripts", title: "scripts", folder: ".", flags: ["--dir", "scripts"], counts: "vitest" },
  { name: "build", title: "build", command: ["npm", "run", "build", "--silent"] },
  { name: "start", title: "npm start in all places", command: ["bash", "scripts/prove-start.sh"] },
  { name: "replay", title: "excerpt of a shop's year", command: [node, "scripts/replay/prove.mjs"] },
  { name: "browser", title: "browser, in Chromium", folder: "e2e", counts: "playwright" },
]

/** Runs one section with its output on this terminal: `{ isGood, passed, failed, skipped, seconds }`. */
export function runSection(section, root) {
  const startedAt = performance.now()
  const folder = mkdtempSync(join(tmpdir(), "viaggio-test-"))
  const report = join(folder, "report.json")
  try {
    const { command, env, cwd } = toCommand(section, root, report)
    const { status, error } = spawnSync(command[0], command.slice(1), {
      cwd,
      env: { ...process.env, ...env },
      stdio: "inherit",
      timeout: SECTION_WITHIN_MS,
    })
    if (error) throw error
    const counts = section.counts ? readCounts(section.counts, report) : { passed: 0, failed: 0, skipped: 0 }
    const isGood = status === 0 && counts.failed === 0
    return { ...counts, isGood, seconds: secondsSince(startedAt) }
  } catch (error) {
    console.error(error.message)
    return { passed: 0, failed: 0, skipped: 0, isGood: false, seconds: secondsSince(startedAt) }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const secondsSince = startedAt => (performance.now() - startedAt) / 1000

function toCommand({ command, folder, flags = [], counts }, root, report) {
  if (command) return { command, cwd: root }
  const cwd = join(root, folder)
  if (counts === "vitest") {
    const vitest = join(root, "node_modules/vitest/vitest.mjs")
    return {
      command: [
        node,
        vitest,
        "run",
        ...flags,
        "--reporter=default",
        "--reporter=json",
        `--outputFile.json=${report}`,
      ],
      cwd,
    }
  }
  const playwright = join(root, "node_modules/@playwright/test/cli.js")
  const env = { VIAGGIO_CHROMIUM: findChromium(), PLAYWRIGHT_JSON_OUTPUT_NAME: report }
  return { command: [node, playwright, "test", "--workers=1", "--reporter=list,json"], cwd, env }
}

/** A test that passes only when tried again counts as failed: it would hide a fault for months. */
function readCounts(kind, report) {
  const read = JSON.parse(readFileSync(report, "utf8"))
  if (kind === "playwright") {
    const { expected, unexpected, flaky, skipped } = read.stats
    return { passed: expected, failed: unexpected + flaky, skipped }
  }
  return {
    passed: read.numPassedTests,
    failed: read.numFailedTests,
    skipped: read.numPendingTests + read.numTodoTests,
  }
}
