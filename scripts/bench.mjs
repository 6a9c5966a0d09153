/** npm run bench -- canvas [sizes] measures in a browser; everything else is the server's own. */
import { spawnSync } from "node:child_process"
import { fileURLToPath } from "node:url"

const [name = "", ...rest] = process.argv.slice(2)
const root = fileURLToPath(new URL("..", import.meta.url))
const command =
  name === "canvas"
    ? ["run", "bench:canvas", "--workspace", "@viaggio/e2e", "--", ...rest]
    : ["run", "bench", "--workspace", "@viaggio/server", "--", ...(name === "" ? [] : [name]), ...rest]
const { status } = spawnSync("npm", command, { cwd: root, stdio: "inherit" })
process.exitCode = status ?? 1
