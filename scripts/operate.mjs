// Backs up and restores: builds what is missing, then hands over. Relative folders are meant from where npm was called.
import { spawnSync } from "node:child_process"
import { dirname, join, resolve } from "node:path"
import { fileURLToPath } from "node:url"

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const [what, folder] = process.argv.slice(2)
const from = process.env.INIT_CWD ?? process.cwd()
const steps = [
  [join(root, "scripts", "start.mjs"), "--build-only"],
  [join(root, "apps", "server", "dist", "backup.js"), what, ...(folder ? [resolve(from, folder)] : [])],
]
for (const step of steps) {
  const { status } = spawnSync(process.execPath, step, { cwd: root, stdio: "inherit" })
  if (status !== 0) process.exit(status ?? 1)
}
