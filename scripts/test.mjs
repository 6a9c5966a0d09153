/**
 * npm test [-- --only types,lint] [-- --skip browser]
 *
 * Sets up what is missing on a fresh machine and runs every check. It stops at nothing and tells all failures at
 * the end; exits 1 when there is one. Only Node's own modules here, because nothing may be installed yet.
 */
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"
import { runSection, SECTIONS } from "./test/sections.mjs"
import { installPackages } from "./test/setup.mjs"

const root = fileURLToPath(new URL("..", import.meta.url)).replace(/\/$/, "")
const { values } = parseArgs({ options: { only: { type: "string" }, skip: { type: "string" } } })
const names = text => text?.split(",").map(name => name.trim())
const only = names(values.only)
const skip = names(values.skip) ?? []
const unknown = [...(only ?? []), ...skip].filter(name => !SECTIONS.some(section => section.name === name))
if (unknown.length > 0) {
  console.error(
    `No section is called ${unknown.join(", ")}. There are: ${SECTIONS.map(({ name }) => name).join(", ")}`,
  )
  process.exit(2)
}

installPackages(root)
const results = []
for (const section of SECTIONS.filter(({ name }) => (!only || only.includes(name)) && !skip.includes(name))) {
  console.log(
    `\n━━━ ${section.name}: ${section.title} ${"━".repeat(Math.max(3, 60 - section.name.length - section.title.length))}`,
  )
  results.push({ section, ...runSection(section, root) })
}

console.log("\n━━━ summary ━━━")
for (const { section, isGood, passed, failed, skipped, seconds } of results) {
  const counts = section.counts
    ? `${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ""}`
    : ""
  console.log(
    `${isGood ? "ok    " : "FAILED"}  ${section.name.padEnd(12)} ${seconds.toFixed(1).padStart(6)} s  ${counts}`.trimEnd(),
  )
}
const sum = key => results.reduce((total, result) => total + result[key], 0)
// A check without tests of its own, or one that broke before it could count, is one failure.
const broken = results.filter(({ isGood, failed }) => !isGood && failed === 0).length
console.log(`${sum("passed")} passed, ${sum("failed") + broken} failed`)
process.exitCode = results.every(({ isGood }) => isGood) ? 0 : 1
