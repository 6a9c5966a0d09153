import { cpSync, mkdirSync, readdirSync, symlinkSync } from "node:fs"
import { dirname, join } from "node:path"
import { listFiles } from "./rules/source-files.mjs"

const workspaces = {
  "journey-model": "packages/journey-model",
  server: "apps/server",
  web: "apps/web",
  e2e: "e2e",
}

/** Copies the sources; node_modules is a folder of links, with the workspaces linked to the copy, not to us. */
export function copyTree(root, copy) {
  for (const path of listFiles(root)) {
    mkdirSync(dirname(join(copy, path)), { recursive: true })
    cpSync(join(root, path), join(copy, path))
  }
  const modules = join(root, "node_modules")
  mkdirSync(join(copy, "node_modules/@viaggio"), { recursive: true })
  for (const name of readdirSync(modules))
    if (name !== "@viaggio") symlinkSync(join(modules, name), join(copy, "node_modules", name))
  for (const [name, path] of Object.entries(workspaces))
    symlinkSync(join(copy, path), join(copy, "node_modules/@viaggio", name))
}
