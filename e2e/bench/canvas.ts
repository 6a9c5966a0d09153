/**
 * How the canvas does with 500 nodes, or as many as are named, whose counts change four times a second: time to open,
 * frames while panning, dragging, zooming and fitting, longest task. Run by `npm run bench -- canvas 50 200 500` on a
 * built server; prints a table.
 */
import { chromium, type Page } from "@playwright/test"
import { launchOptions } from "../browser.ts"
import { type Api, createApi } from "../fixtures/api.ts"
import { signUp } from "../fixtures/owner.ts"
import { type RunningServer, startServer } from "../fixtures/server.ts"
import { fiveHundredNodes, startEvent } from "./five-hundred-nodes.ts"
import { type Frames, framesDuring } from "./frames.ts"

const sizes = process.argv.slice(2).map(Number)
const sendEveryMs = 250
const customersPerSend = 5
const warmUpMs = 25_000
const moves = 150
const strokePx = 300
const countries = ["IT", "FR", "DE"]

for (const size of sizes.length > 0 ? sizes : [500]) await measure(size)

async function measure(size: number): Promise<void> {
  const key = `bench-${size}`
  const server = await startServer()
  const browser = await chromium.launch(launchOptions)
  const sending = new AbortController()
  try {
    const api = createApi({ url: server.url, key: server.adminKey })
    await api.ask("PUT", `/journeys/${key}`, fiveHundredNodes(key, size))
    const page = await browser.newPage({
      viewport: { width: 1440, height: 900 },
      locale: "en-GB",
      colorScheme: "light",
    })
    const workspace = await signUp(page.request, server)
    const journeys = `${server.url}/w/${workspace}/journeys`
    report("Steps", String((await api.journey(key)).nodes.length))
    report("Open, everything loaded anew", `${await openMs(page, () => page.goto(`${journeys}/${key}`))} ms`)
    for (const turn of ["first", "second"]) {
      await page.goto(journeys)
      const row = page.getByRole("link", { name: "Five hundred steps" })
      await row.waitFor()
      report(`Open from the list, ${turn} time`, `${await openMs(page, () => row.click())} ms`)
    }
    await measureMoves(page, "counts off")
    await api.ask("POST", `/journeys/${key}/publish`, {})
    keepSending(server, sending.signal)
    await page.waitForTimeout(warmUpMs)
    await page.reload()
    await page.locator("[data-node=start]").first().waitFor()
    await page.getByRole("button", { name: "Live", exact: true }).click()
    await page.locator("[data-connection=open]").waitFor()
    report("Nodes whose counts changed, a second", String(await changesPerSecond(api, key)))
    await measureMoves(page, "counts live")
    report("Standing still, counts live", say(await framesDuring(page, () => page.waitForTimeout(3_000))))
  } finally {
    sending.abort()
    await browser.close()
    await server.stop()
  }
}

async function measureMoves(page: Page, state: string): Promise<void> {
  await fitView(page)
  report(`Pan, all in view, ${state}`, say(await framesDuring(page, () => pan(page))))
  await nearStart(page)
  report(`Pan at 100 %, ${state}`, say(await framesDuring(page, () => pan(page))))
  await nearStart(page)
  report(`Drag a card at 100 %, ${state}`, say(await framesDuring(page, () => drag(page))))
  await nearStart(page)
  report(`Zoom out and in, ${state}`, say(await framesDuring(page, () => zoom(page))))
  await nearStart(page)
  report(`Fit, ${state}`, say(await framesDuring(page, () => fitView(page))))
}

/** From the act until cards are in the page and the frame with them is painted. */
async function openMs(page: Page, act: () => Promise<unknown>): Promise<number> {
  const begun = performance.now()
  await act()
  await page.locator("[data-journey-canvas] [data-node]").first().waitFor()
  await page.evaluate(() => new Promise(done => requestAnimationFrame(() => setTimeout(done))))
  return Math.round(performance.now() - begun)
}

async function fitView(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Fit the journey" }).click()
  await settled(page)
}

/** At 100 %, the first split in the middle: Find brings a step into view wherever the view was before. */
async function nearStart(page: Page): Promise<void> {
  const canvas = page.locator("[data-journey-canvas]")
  await fitView(page)
  await page.keyboard.press("ControlOrMeta+f")
  await page.locator("[data-find-bar] input").fill("split-1")
  await settled(page)
  await page.keyboard.press("Escape")
  await canvas.press("1")
  await settled(page)
  await page.locator("[data-node=split-1]").waitFor()
}

/** Until the view has come to rest: its movements take up to 0.2 s. */
async function settled(page: Page): Promise<void> {
  await page.waitForTimeout(600)
}

/** Three seconds of the hand going round. */
async function circle(page: Page, from: { x: number; y: number }): Promise<void> {
  await page.mouse.move(from.x, from.y)
  await page.mouse.down()
  const begun = performance.now()
  for (let move = 1; move <= moves; move += 1) {
    const angle = (move / moves) * 4 * Math.PI
    await page.mouse.move(
      from.x + (strokePx / 2) * Math.sin(angle),
      from.y + (strokePx / 2) * (1 - Math.cos(angle)),
    )
    const aheadMs = begun + move * 20 - performance.now()
    if (aheadMs > 0) await page.waitForTimeout(aheadMs)
  }
  await page.mouse.up()
}

async function pan(page: Page): Promise<void> {
  await circle(page, { x: 900, y: 300 })
}

async function drag(page: Page): Promise<void> {
  const box = await page.locator("[data-node=split-1]").boundingBox()
  if (!box) throw new Error("the card to drag is out of view")
  await circle(page, { x: box.x + 60, y: box.y + 20 })
}

/** Three seconds of the wheel, out and in again. */
async function zoom(page: Page): Promise<void> {
  await page.mouse.move(720, 450)
  const begun = performance.now()
  for (let move = 1; move <= moves; move += 1) {
    await page.mouse.wheel(0, move % 50 < 25 ? 60 : -60)
    const aheadMs = begun + move * 20 - performance.now()
    if (aheadMs > 0) await page.waitForTimeout(aheadMs)
  }
}

/** New customers all the time, at the door, as a shop sends them. */
function keepSending(server: RunningServer, signal: AbortSignal): void {
  let sent = 0
  const timer = setInterval(() => {
    const batch = Array.from({ length: customersPerSend }, () => {
      sent += 1
      const userId = `c${sent}`
      const traits = { email: `${userId}@example.com`, country: countries[sent % countries.length] }
      return [
        { type: "identify", userId, messageId: `i${sent}`, traits },
        { type: "track", userId, event: startEvent, messageId: `t${sent}`, properties: {} },
      ]
    }).flat()
    void fetch(`${server.url}/v1/batch`, {
      method: "POST",
      headers: {
        authorization: `Basic ${Buffer.from(`${server.adminKey}:`).toString("base64")}`,
        "content-type": "application/json",
      },
      body: JSON.stringify({ batch }),
      signal,
    }).then(
      response => {
        if (!response.ok) throw new Error(`the door answered ${response.status}`)
      },
      error => {
        if (!signal.aborted) throw error
      },
    )
  }, sendEveryMs)
  signal.addEventListener("abort", () => clearInterval(timer))
}

async function changesPerSecond(api: Api, key: string): Promise<number> {
  const before = await api.stats(key)
  await new Promise(done => setTimeout(done, 1_000))
  const { nodes } = await api.stats(key)
  return Object.entries(nodes).filter(
    ([id, counts]) => JSON.stringify(counts) !== JSON.stringify(before.nodes[id]),
  ).length
}

function say({ fps, p95Ms, longestTaskMs }: Frames): string {
  const task = longestTaskMs === 0 ? "no task of 50 ms" : `longest task ${Math.round(longestTaskMs)} ms`
  return `${fps.toFixed(1)} fps, 95 % of frames within ${p95Ms.toFixed(1)} ms, ${task}`
}

function report(what: string, figure: string): void {
  process.stdout.write(`${what}: ${figure}\n`)
}
