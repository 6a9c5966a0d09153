/**
 * Takes the pictures of the README: the welcome journey, drawn with the mouse, with the numbers of a made-up
 * shop's fortnight, in light and dark. Run by `npm run pictures`; they come to stand in docs/pictures.
 */
import { execFileSync } from "node:child_process"
import { mkdir } from "node:fs/promises"
import { join } from "node:path"
import { chromium, expect } from "@playwright/test"
import { launchOptions } from "./browser.ts"
import { drawWelcome } from "./drivers/draw-welcome.ts"
import { EditorDriver } from "./drivers/editor-driver.ts"
import { createApi } from "./fixtures/api.ts"
import { playShop, type Sandbox } from "./fixtures/customers.ts"
import { signUp } from "./fixtures/owner.ts"
import { root } from "./fixtures/root.ts"
import { startServer } from "./fixtures/server.ts"
import { welcome } from "./journeys/welcome.ts"

const folder = join(root, "docs/pictures")
const startAt = Date.parse("2026-11-02T06:00:00Z")

execFileSync(process.execPath, ["scripts/start.mjs", "--build-only"], { cwd: root, stdio: "inherit" })
const server = await startServer()
const browser = await chromium.launch(launchOptions)
try {
  const admin = createApi({ url: server.url, key: server.adminKey })
  const sandbox = await admin.ask<Sandbox>("POST", "/workspaces", {
    name: "Bottega Aurora",
    zone: "Europe/Rome",
    sandbox: true,
    startAt: new Date(startAt).toISOString(),
  })
  const api = createApi({ url: server.url, key: sandbox.apiKey })
  const page = await browser.newPage({
    viewport: { width: 1440, height: 900 },
    locale: "en-GB",
    timezoneId: "Europe/Rome",
    reducedMotion: "reduce",
    colorScheme: "light",
  })
  await signUp(page.request, server)
  await api.ask("PUT", `/journeys/${welcome.key}`, {
    format: 1,
    key: welcome.key,
    name: welcome.name,
    settings: { reentry: { mode: "once" } },
    nodes: [{ id: "event-entry", type: "event-entry", version: 1, config: { event: "", maxAge: "P1D" } }],
    edges: [],
  })
  await page.goto(`${server.url}/w/${sandbox.id}/journeys/${welcome.key}`)
  const editor = new EditorDriver(page)
  await drawWelcome(editor)
  await page.getByRole("button", { name: /^Tidy up/ }).click()
  await editor.saved()
  await expect(async () => {
    await api.ask("POST", `/journeys/${welcome.key}/publish`, {})
  }).toPass()
  await playShop({ url: server.url, api, writeKey: sandbox.writeKey }, { startAt, days: 14, perDay: 92 })
  await page.reload()
  await editor.button("Live").click()
  await expect(page.getByText("Inside now")).toBeVisible()
  await editor.select(editor.card("Wait for event"))
  await editor.fit()
  await mkdir(folder, { recursive: true })
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme })
    await page.mouse.move(1020, 70)
    const name = colorScheme === "light" ? "canvas.png" : "canvas-dark.png"
    await page.screenshot({ path: join(folder, name), animations: "disabled" })
  }
} finally {
  await browser.close()
  await server.stop()
}
