/** `npm run rules`: imports, sources and unused code. Prints each violation; exits 1 when there is one. */
import { fileURLToPath } from "node:url"
import { checkImports } from "./imports.mjs"
import { checkSources } from "./source-rules.mjs"
import { checkUnused } from "./unused.mjs"

const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "")
const checks = {
  imports: await checkImports(root),
  sources: checkSources(root),
  unused: await checkUnused(root),
}
let count = 0
for (const [name, { files, violations }] of Object.entries(checks)) {
  count += violations.length
  console.log(
    `${name}: ${violations.length === 0 ? "no violation" : `${violations.length} violations`}${name === "unused" ? "" : ` in ${files} files`}`,
  )
  for (const { rule, path, line, text } of violations)
    console.log(`  ${rule}  ${path}${line ? `:${line}` : ""}  ${text}`)
}
process.exitCode = count === 0 ? 0 : 1
