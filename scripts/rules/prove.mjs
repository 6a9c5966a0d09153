/**
 * `npm run rules:prove`: copies the tree into a temporary folder, plants one violation per rule there and fails
 * if a rule stays green. A rule that cannot fail protects nothing.
 */
import { execFile } from "node:child_process"
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { copyTree } from "../copy-tree.mjs"
import { checkImports } from "./imports.mjs"
import { DEPENDENCY, EXPECTED, INNOCENT, NO_IO, PLANTED } from "./plants.mjs"
import { checkSources } from "./source-rules.mjs"
import { checkUnused } from "./unused.mjs"

const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "")
const started = Date.now()
const copy = realpathSync(mkdtempSync(join(tmpdir(), "viaggio-rules-")))
const outcomes = []

try {
  copyTree(root, copy)
  for (const [path, text] of PLANTED) write(path, text)
  addDependency()
  const [imports, unused, compiled] = await Promise.all([
    checkImports(copy),
    checkUnused(copy),
    compileModel(),
  ])
  const found = [...imports.violations, ...checkSources(copy).violations, ...unused.violations]
  for (const { rule, path, line, shown } of EXPECTED) {
    const isRed = found.some(one => one.rule === rule && one.path === path && (!line || one.line === line))
    outcomes.push({ isRed, rule, shown })
  }
  NO_IO.lines.forEach((shown, index) => {
    outcomes.push({ isRed: compiled.includes(`${NO_IO.path}(${index + 1},`), rule: "model-has-no-io", shown })
  })
  outcomes.push({
    isRed: await isBlindnessSeen(),
    rule: "every-module-is-seen",
    shown: "TypeScript without its API",
  })
  for (const { rule, path, line, text } of found)
    if (path === INNOCENT.path && !rule.startsWith("unused-"))
      outcomes.push({ isRed: false, rule, shown: `${path}:${line} ${text}, which is allowed` })
} finally {
  rmSync(copy, { recursive: true, force: true })
}

const wrong = outcomes.filter(({ isRed }) => !isRed)
for (const rule of new Set(outcomes.map(outcome => outcome.rule))) {
  const own = outcomes.filter(outcome => outcome.rule === rule)
  console.log(`${own.every(({ isRed }) => isRed) ? "red  " : "GREEN"}  ${rule} (${own.length} planted)`)
}
for (const { rule, shown } of wrong) console.log(`stayed green: ${rule}: ${shown}`)
const seconds = ((Date.now() - started) / 1000).toFixed(1)
console.log(
  `${outcomes.length - wrong.length} of ${outcomes.length} planted violations were found, ${seconds} s`,
)
process.exitCode = wrong.length === 0 ? 0 : 1

function write(path, text) {
  mkdirSync(dirname(join(copy, path)), { recursive: true })
  writeFileSync(join(copy, path), `${text}\n`)
}

function addDependency() {
  const manifest = JSON.parse(readFileSync(join(copy, DEPENDENCY.manifest), "utf8"))
  manifest.dependencies[DEPENDENCY.name] = "1.0.0"
  write(DEPENDENCY.manifest, JSON.stringify(manifest, null, 2))
}

/** What the compiler prints about the model with the plants in it. */
function compileModel() {
  const compiler = join(copy, "node_modules/.bin/tsc")
  const flags = ["-p", "packages/journey-model", "--pretty", "false"]
  return new Promise(resolve => {
    execFile(compiler, flags, { cwd: copy, maxBuffer: 64 << 20 }, (_error, stdout) => resolve(stdout))
  })
}

/**
 * With a TypeScript that has no compiler API the cruiser reads next to nothing and finds nothing wrong; that must
 * be told. The cruiser is copied, because it would find the right TypeScript beside the original.
 */
function isBlindnessSeen() {
  const modules = join(copy, "node_modules")
  rmSync(join(modules, "dependency-cruiser"))
  cpSync(join(root, "node_modules/dependency-cruiser"), join(modules, "dependency-cruiser"), {
    recursive: true,
  })
  rmSync(join(modules, "typescript"))
  symlinkSync(join(root, "node_modules/@typescript/native"), join(modules, "typescript"))
  const program = `import { checkImports } from "./scripts/rules/imports.mjs"
const { violations } = await checkImports(process.cwd())
console.log(violations.some(({ rule, path }) => rule === "every-module-is-seen" && path === "(all)"))`
  const flags = ["--preserve-symlinks", "--input-type=module", "--eval", program]
  return new Promise(resolve => {
    execFile(process.execPath, flags, { cwd: copy }, (_error, stdout) => resolve(stdout.trim() === "true"))
  })
}
