import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"

const SKIPPED = new Set(["node_modules", "dist", ".git", ".turbo", ".viaggio", "coverage", "test-results"])

/** Every file below `folder` (relative to `root`, with forward slashes), generated and foreign folders left out. */
export function listFiles(root, folder = ".") {
  const found = []
  const visit = relative => {
    for (const entry of readdirSync(join(root, relative), { withFileTypes: true })) {
      const path = relative === "." ? entry.name : `${relative}/${entry.name}`
      if (entry.isDirectory()) {
        if (!SKIPPED.has(entry.name)) visit(path)
      } else if (entry.isFile()) found.push(path)
    }
  }
  visit(folder)
  return found.sort()
}

/** The source text of the packages: what ships, without tests, test helpers and benchmarks. */
export function listShippedSources(root) {
  return listFiles(root)
    .filter(path => /^(apps|packages)\/[^/]+\/src\/.*\.(tsx?|js)$/.test(path))
    .filter(path => !/\.test\.tsx?$|\/testing\/|\.d\.ts$/.test(path))
}

/** Text of a file below `root`. */
export function readSource(root, path) {
  return readFileSync(join(root, path), "utf8")
}
