/**
 * A journey of 500 nodes edited at random in Chromium for some minutes (`SOAK_MINUTES`, 10): it fails at an error in
 * the console, at a page that no longer answers, and when what the page holds has grown in the second half.
 * `SOAK_SEED` runs the same edits again. Run by `npm run soak -- editor`.
 */
import { chromium, type Page } from "@playwright/test"
import { fiveHundredNodes } from "../bench/five-hundred-nodes.ts"
import { launchOptions } from "../browser.ts"
import { createApi } from "../fixtures/api.ts"
import build from "../fixtures/build.ts"
import { signUp } from "../fixtures/owner.ts"
import { startServer } from "../fixtures/server.ts"
import { createActs } from "./editor-acts.ts"
import { createScale, type Held } from "./memory.ts"
import { createChance } from "./random.ts"

const key = "five-hundred"
const weighings = 10
// Undo holds a few hundred steps and the browser keeps code that has run; what grows beyond that is a leak.
const mostGrowth = 1.2
const mostNodes = 650

export async function soakEditor(): Promise<string[]> {
  const minutes = Number(process.env.SOAK_MINUTES ?? 10)
  const seed = Number(process.env.SOAK_SEED ?? Date.now() % 1_000_000)
  if (process.env.SOAK_BUILT === undefined) build()
  const server = await startServer()
  const browser = await chromium.launch(launchOptions)
  const faults: string[] = []
  try {
    const context = await browser.newContext({
      viewport: { width: 1440, height: 900 },
      locale: "en-GB",
      reducedMotion: "reduce",
      permissions: ["clipboard-read", "clipboard-write"],
    })
    const page = await context.newPage()
    page.setDefaultTimeout(15_000)
    page.on("console", message => message.type() === "error" && faults.push(`console: ${message.text()}`))
    page.on("pageerror", error => faults.push(`page: ${error.message}`))
    const workspace = await signUp(page.request, server)
    await createApi({ url: server.url, key: server.adminKey }).ask(
      "PUT",
      `/journeys/${key}`,
      fiveHundredNodes(key),
    )
    await page.goto(`${server.url}/w/${workspace}/journeys/${key}`)
    await page.locator("[data-journey-canvas] [data-node]").first().waitFor()
    const scale = await createScale(page)
    const chance = createChance(seed)
    const acts = createActs(page, chance)
    const dice = acts.flatMap(act => Array<(typeof acts)[number]>(act.weight).fill(act))
    const held: Held[] = []
    const begun = performance.now()
    const sliceMs = (minutes * 60_000) / weighings
    const counts = new Map<string, number>()
    const nodesNow = () => page.locator("[data-status-nodes]").getAttribute("data-status-nodes").then(Number)
    say(`seed ${seed}, ${minutes} min`)
    for (let slice = 1; slice <= weighings && faults.length === 0; slice += 1) {
      while (performance.now() < begun + slice * sliceMs && faults.length === 0) {
        const act = chance.pick(dice)
        counts.set(act.name, (counts.get(act.name) ?? 0) + 1)
        await act.run()
        // Copies breed: the journey stays about as large as it was.
        for (let left = 50; left > 0 && (await nodesNow()) > mostNodes; left -= 1)
          await page.keyboard.press("ControlOrMeta+z")
      }
      await sameView(page)
      held.push(await scale.weigh())
      const { heapMb, elements, listeners } = held.at(-1) as Held
      say(
        `${slice}/${weighings}: ${await nodesNow()} nodes, heap ${heapMb.toFixed(1)} MB, ${elements} elements, ${listeners} listeners`,
      )
    }
    say([...counts].map(([name, count]) => `${name} ${count}`).join(", "))
    faults.push(...growthOf(held))
    await page.locator("[data-save=saved]").waitFor()
  } catch (error) {
    faults.push(String(error))
  } finally {
    await browser.close()
    await server.stop()
  }
  return faults
}

/** The whole journey and nothing else on the screen, so that what is weighed is comparable. */
async function sameView(page: Page): Promise<void> {
  await page.locator("[data-journey-canvas]").focus()
  for (const keys of ["Escape", "Escape", "0"]) await page.keyboard.press(keys)
  await page.locator("[data-node]").nth(400).waitFor()
  await page.locator("[data-save=saved]").waitFor()
}

/** The least of the last three weighings against the most of three in the middle: what goes up and down is no growth. */
function growthOf(held: readonly Held[]): string[] {
  const middle = held.slice(3, 6)
  const end = held.slice(-3)
  if (middle.length === 0 || end.length === 0) return []
  return (["heapMb", "elements", "listeners"] as const).flatMap(what => {
    const before = Math.max(...middle.map(each => each[what]))
    const after = Math.min(...end.map(each => each[what]))
    return after > before * mostGrowth
      ? [`${what} grew from ${before.toFixed(1)} to ${after.toFixed(1)}`]
      : []
  })
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
