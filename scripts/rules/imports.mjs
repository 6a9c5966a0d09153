import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { cruise } from "dependency-cruiser"
import extractTSConfig from "dependency-cruiser/config-utl/extract-ts-config"
import { listFiles } from "./source-files.mjs"

/**
 * The import rules of .dependency-cruiser.mjs over all sources below `root`. A module that the cruiser did not
 * see is a violation too: with a TypeScript that lacks the compiler API it silently reads one module and finds
 * nothing wrong.
 */
export async function checkImports(root) {
  const { default: config } = await import(pathToFileURL(join(root, ".dependency-cruiser.mjs")).href)
  const before = process.cwd()
  process.chdir(root)
  try {
    const options = {
      ...config.options,
      ruleSet: { forbidden: config.forbidden },
      validate: true,
      baseDir: root,
    }
    const tsConfig = extractTSConfig(join(root, "tsconfig.base.json"))
    const { output } = await cruise(["apps", "packages"], options, {}, { tsConfig })
    const seen = new Set(
      output.modules.filter(module => module.dependencies.length > 0).map(module => module.source),
    )
    const all = new Set(output.modules.map(module => module.source))
    const expected = listFiles(root).filter(path => /^(apps|packages)\/[^/]+\/src\/.*\.(tsx?|js)$/.test(path))
    const violations = output.summary.violations.map(({ rule, from, to }) => ({
      rule: rule.name,
      path: from,
      text: `imports ${to}`,
    }))
    violations.push(...checkSeen(expected, all, seen))
    return { files: all.size, violations }
  } finally {
    process.chdir(before)
  }
}

/** Every source must be among the cruised modules, and at least half of them must have an import that was read. */
function checkSeen(expected, all, withImports) {
  const missing = expected.filter(path => !all.has(path))
  const violations = missing.map(path => ({
    rule: "every-module-is-seen",
    path,
    text: "was not read by the cruiser",
  }))
  if (withImports.size * 2 < expected.length)
    violations.push({
      rule: "every-module-is-seen",
      path: "(all)",
      text: `imports were found in ${withImports.size} of ${expected.length} modules only: does the cruiser have TypeScript 6?`,
    })
  return violations
}
