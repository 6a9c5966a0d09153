/**
 * npm run mutants
 *
 * Copies the tree into a temporary folder and plants one fault at a time into the interpreter there. The
 * differential test must be green on the copy as it is and red with each of them: a test that stays green there
 * compares nothing.
 */
import { spawnSync } from "node:child_process"
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { copyTree } from "./copy-tree.mjs"

const root = fileURLToPath(new URL("..", import.meta.url)).replace(/\/$/, "")
const TEST = "src/engine/differential.test.ts"
const model = "packages/journey-model/src"

const FAULTS = [
  {
    name: "a timeout is one millisecond late",
    path: `${model}/node-types/wait-for-event/decide.ts`,
    from: "moment.base + timeoutMs",
    to: "moment.base + timeoutMs + 1",
  },
  {
    name: "a draw has no salt",
    path: `${model}/values/draw.ts`,
    from: "hashFraction(id, node, salt)",
    to: 'hashFraction(id, node, "")',
  },
  {
    name: "since is ignored",
    path: `${model}/node-types/wait-for-event/decide.ts`,
    from: 'if (since === "arrival") return undefined',
    to: "if (since) return undefined",
  },
]

const started = Date.now()
const copy = realpathSync(mkdtempSync(join(tmpdir(), "viaggio-mutants-")))
const told = []

try {
  copyTree(root, copy)
  // The walk's half of the test is enough to see that the copy works; the whole of it is run by `npm test`.
  const control = run(["-t", "the walk and a second interpreter"])
  if (control.status !== 0) {
    console.error(control.output)
    throw new Error("The test is red on a copy without a fault.")
  }
  for (const { name, path, from, to } of FAULTS) {
    const text = readFileSync(join(copy, path), "utf8")
    if (text.split(from).length !== 2) throw new Error(`${path} does not hold “${from}” once.`)
    writeFileSync(join(copy, path), text.replace(from, to))
    const { status, output } = run(["--bail=1"])
    writeFileSync(join(copy, path), text)
    // Red for the right reason: two sides gave different steps, not a test that could not run.
    const isFound = status !== 0 && /AssertionError: expected \{[^\n]*number/.test(output)
    told.push(isFound)
    console.log(`${isFound ? "found    " : "NOT FOUND"}  ${name}`)
    if (!isFound) console.error(output)
  }
} finally {
  rmSync(copy, { recursive: true, force: true })
}

const found = told.filter(Boolean).length
console.log(
  `${found} of ${FAULTS.length} planted faults were found, ${((Date.now() - started) / 1000).toFixed(1)} s`,
)
process.exitCode = found === FAULTS.length ? 0 : 1

function run(flags) {
  const vitest = join(copy, "node_modules/vitest/vitest.mjs")
  const { status, stdout, stderr } = spawnSync(process.execPath, [vitest, "run", TEST, ...flags], {
    cwd: join(copy, "apps/server"),
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: "0" },
    timeout: 5 * 60_000,
  })
  return { status, output: `${stdout}\n${stderr}` }
}
