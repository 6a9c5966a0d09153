import { existsSync } from "node:fs"
import { dirname, join } from "node:path"

/** Folder of the server's package, the same from the sources and from the built bundle. */
export function packageRoot(): string {
  let folder = import.meta.dirname
  while (!existsSync(join(folder, "migrations", "meta", "_journal.json"))) {
    const parent = dirname(folder)
    if (parent === folder) throw new Error(`no folder "migrations" above ${import.meta.dirname}`)
    folder = parent
  }
  return folder
}
