/**
 * Takes the pictures of the README and the guide: every screen, on a made-up shop's fortnight in a sandbox. Run by
 * `npm run pictures`; they come to stand in docs/pictures.
 */
import { execFileSync } from "node:child_process"
import { mkdir } from "node:fs/promises"
import { join } from "node:path"
import { chromium } from "@playwright/test"
import { launchOptions } from "../browser.ts"
import { createApi } from "../fixtures/api.ts"
import { playShop, type Sandbox } from "../fixtures/customers.ts"
import { signUp } from "../fixtures/owner.ts"
import { root } from "../fixtures/root.ts"
import { startServer } from "../fixtures/server.ts"
import { type Camera, drawJourney, firstScenes, scenes } from "./scenes.ts"

const folder = join(root, "docs/pictures")
const startAt = Date.parse("2026-11-02T06:00:00Z")
// `npm run pictures -- canvas import` takes only those whose names begin so.
const wanted = process.argv.slice(2)

execFileSync(process.execPath, ["scripts/start.mjs", "--build-only"], { cwd: root, stdio: "inherit" })
const server = await startServer()
const browser = await chromium.launch(launchOptions)
try {
  await mkdir(folder, { recursive: true })
  const page = await browser.newPage({
    viewport: { width: 1440, height: 900 },
    locale: "en-GB",
    timezoneId: "Europe/Rome",
    reducedMotion: "reduce",
    colorScheme: "light",
  })
  const camera: Camera = {
    page,
    async take(name, { dark = false } = {}) {
      if (wanted.length > 0 && !wanted.some(each => name.startsWith(each))) return
      for (const colorScheme of dark ? (["light", "dark"] as const) : (["light"] as const)) {
        await page.emulateMedia({ colorScheme })
        const file = colorScheme === "light" ? `${name}.png` : `${name}-dark.png`
        await page.screenshot({ path: join(folder, file), animations: "disabled" })
      }
      await page.emulateMedia({ colorScheme: "light" })
    },
  }
  await firstScenes(camera, server)
  await signUp(page.request, server)
  const admin = createApi({ url: server.url, key: server.adminKey })
  const sandbox = await admin.ask<Sandbox>("POST", "/workspaces", {
    name: "Bottega Aurora",
    zone: "Europe/Rome",
    sandbox: true,
    startAt: new Date(startAt).toISOString(),
  })
  const api = createApi({ url: server.url, key: sandbox.apiKey })
  const at = { camera, api, server, home: `${server.url}/w/${sandbox.id}` }
  await drawJourney(at)
  await playShop({ url: server.url, api, writeKey: sandbox.writeKey }, { startAt, days: 14, perDay: 92 })
  for (const [name, scene] of Object.entries(scenes)) {
    process.stdout.write(`${name}\n`)
    await scene(at)
  }
} finally {
  await browser.close()
  await server.stop()
}
