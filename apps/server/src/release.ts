import { createHash } from "node:crypto"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { packageRoot } from "./package-root.ts"

/**
 * The version of this program with a mark of its build, e.g. `0.1.0+3fa94c01`. The mark is taken from the file that
 * this module runs in, which in production is the whole bundle; from the sources it does not change.
 */
export function releaseOf(): string {
  const { version } = JSON.parse(readFileSync(join(packageRoot(), "package.json"), "utf8")) as {
    version: string
  }
  const running = readFileSync(fileURLToPath(import.meta.url))
  return `${version}+${createHash("sha256").update(running).digest("hex").slice(0, 8)}`
}
