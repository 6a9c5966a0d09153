/**
 * Finds a Chromium that runs on this machine, for the browser tests and the pictures. `node scripts/chromium.mjs`
 * prints its path. Only Node's own modules, so that it works before anything is installed.
 */
import { spawnSync } from "node:child_process"
import { existsSync } from "node:fs"
import { createRequire } from "node:module"
import { join } from "node:path"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("..", import.meta.url))
const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge"]
const MAC = ["Google Chrome", "Chromium", "Microsoft Edge"].map(
  name => `/Applications/${name}.app/Contents/MacOS/${name}`,
)
const isRoot = process.getuid?.() === 0

/**
 * The path of a Chromium that has just loaded a page. Looks at VIAGGIO_CHROMIUM, Playwright's own build and the
 * installed browsers, then installs one: by apt as root, because on a bare machine Playwright's build lacks
 * system libraries that apt brings along, else by `playwright install`. Throws with the list of what was tried.
 */
export function findChromium({ install = true } = {}) {
  const tried = []
  const works = path => {
    const problem = path ? tryToLoad(path) : "not there"
    if (problem) tried.push(`${path ?? "Playwright's own build"}: ${problem}`)
    return problem === undefined
  }
  const own = playwrightBuild()
  for (const path of [process.env.VIAGGIO_CHROMIUM, own, ...installed()]) if (path && works(path)) return path
  if (install && isRoot && existsSync("/usr/bin/apt-get")) {
    run("apt-get", ["update"], tried)
    run("apt-get", ["install", "-y", "--no-install-recommends", "chromium"], tried)
    for (const path of installed()) if (works(path)) return path
  }
  if (install) {
    run(process.execPath, [join(root, "node_modules/playwright/cli.js"), "install", "chromium"], tried)
    const path = playwrightBuild()
    if (works(path)) return path
  }
  throw new Error(
    `No Chromium runs here. Install one, or set VIAGGIO_CHROMIUM to its path. Tried:\n  ${tried.join("\n  ")}`,
  )
}

function playwrightBuild() {
  try {
    const { chromium } = createRequire(join(root, "e2e/package.json"))("@playwright/test")
    return existsSync(chromium.executablePath()) ? chromium.executablePath() : undefined
  } catch {
    return undefined
  }
}

function installed() {
  const folders = (process.env.PATH ?? "").split(":")
  return [...NAMES.flatMap(name => folders.map(folder => join(folder, name))), ...MAC].filter(path =>
    existsSync(path),
  )
}

/** Undefined when the browser prints the page that it was given, else why not. */
function tryToLoad(path) {
  if (!existsSync(path)) return "not there"
  const flags = ["--headless", "--disable-gpu", "--no-first-run", ...(isRoot ? ["--no-sandbox"] : [])]
  const page = "data:text/html,<p>it runs</p>"
  const { status, stdout, stderr, error } = spawnSync(path, [...flags, "--dump-dom", page], {
    encoding: "utf8",
    timeout: 60_000,
  })
  if (stdout?.includes("it runs")) return undefined
  return error?.message ?? `ended with ${status}: ${(stderr ?? "").trim().split("\n").at(-1)}`
}

function run(command, args, tried) {
  console.log(`$ ${command} ${args.join(" ")}`)
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" }
  const { status, error } = spawnSync(command, args, { stdio: "inherit", env, timeout: 600_000 })
  if (status !== 0) tried.push(`${command} ${args.join(" ")}: ${error?.message ?? `ended with ${status}`}`)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    console.log(findChromium({ install: false }))
  } catch (error) {
    console.error(error.message)
    process.exitCode = 1
  }
}
