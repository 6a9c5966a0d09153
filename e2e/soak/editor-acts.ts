import type { Page } from "@playwright/test"
import type { Chance } from "./random.ts"

/** Something that a person does in the editor, and how often against the others. */
export type Act = { name: string; weight: number; run: () => Promise<void> }

const types = ["delay", "split", "mail", "web call", "exit", "wait", "profile"]
const words = ["welcome", "again", "{{ profile.first_name }}", "a & b < c", "città", "42"]
const cardInView = "[data-journey-canvas] [data-node]"

/** What is pressed, typed and dragged; every act leaves the canvas with the focus and nothing open over it. */
export function createActs(page: Page, chance: Chance): readonly Act[] {
  const canvas = page.locator("[data-journey-canvas]")
  const press = (keys: string) => page.keyboard.press(keys)
  const times = async (most: number, run: () => Promise<void>) => {
    for (let left = 1 + chance.below(most); left > 0; left -= 1) await run()
  }
  /** A card in the middle of the view, where nothing lies over it. */
  const place = async (): Promise<{ x: number; y: number } | undefined> => {
    const area = await canvas.boundingBox()
    if (!area) return undefined
    const found = await page.locator(cardInView).evaluateAll(
      (cards, { x, y, width, height }) =>
        cards.flatMap(card => {
          const box = card.getBoundingClientRect()
          const at = { x: box.x + box.width / 2, y: box.y + Math.min(20, box.height / 2) }
          const isFree = at.x > x + 40 && at.x < x + width - 40 && at.y > y + 80 && at.y < y + height - 60
          return isFree ? [at] : []
        }),
      area,
    )
    return found.length === 0 ? undefined : chance.pick(found)
  }
  const select = async () => {
    const at = await place()
    if (at) await page.mouse.click(at.x, at.y)
    else await press("Home")
    await canvas.focus()
  }
  const walk = () => times(4, () => press(chance.pick(["ArrowDown", "ArrowUp", "ArrowLeft", "ArrowRight"])))
  const insert = async () => {
    await press("Tab")
    const picker = page.getByRole("dialog", { name: "Choose a step" })
    if (!(await picker.isVisible().catch(() => false))) return
    await page.keyboard.type(chance.pick(types))
    await press("Enter")
    if (await picker.isVisible()) await press("Escape")
    await canvas.focus()
  }
  const configure = async () => {
    await press(chance.pick(["Enter", "F2"]))
    await page.keyboard.type(chance.pick(words))
    await press("Escape")
    await canvas.focus()
  }
  const connect = async () => {
    await press("e")
    await press("Enter")
    await press("Escape")
    await canvas.focus()
  }
  const drag = async () => {
    const at = await place()
    if (!at) return
    await page.mouse.move(at.x, at.y)
    await page.mouse.down()
    for (let step = 1; step <= 8; step += 1)
      await page.mouse.move(at.x + step * (chance.below(21) - 10), at.y + step * (chance.below(21) - 10))
    await page.mouse.up()
  }
  const marquee = async () => {
    const area = await canvas.boundingBox()
    if (!area) return
    const x = area.x + 60 + chance.below(area.width / 2)
    const y = area.y + 100 + chance.below(area.height / 2)
    await page.keyboard.down("Shift")
    await page.mouse.move(x, y)
    await page.mouse.down()
    await page.mouse.move(x + 80 + chance.below(120), y + 60 + chance.below(90), { steps: 4 })
    await page.mouse.up()
    await page.keyboard.up("Shift")
    await canvas.focus()
  }
  const look = async () => {
    const keys = chance.pick(["ControlOrMeta+Shift+m", "Shift+O", "ControlOrMeta+f", "ControlOrMeta+k", "t"])
    await press(keys)
    await page.waitForTimeout(50)
    if (keys === "ControlOrMeta+f" || keys === "ControlOrMeta+k") await press("Escape")
    else await press(keys)
    await canvas.focus().catch(() => undefined)
  }
  return [
    { name: "select", weight: 10, run: select },
    { name: "walk", weight: 10, run: walk },
    { name: "insert", weight: 10, run: insert },
    { name: "configure", weight: 10, run: configure },
    { name: "connect", weight: 4, run: connect },
    { name: "drag", weight: 8, run: drag },
    { name: "marquee", weight: 4, run: marquee },
    { name: "delete", weight: 9, run: () => press(chance.pick(["Delete", "Delete", "Alt+Delete"])) },
    {
      name: "copy and paste",
      weight: 3,
      run: async () => {
        await press("ControlOrMeta+c")
        await press("ControlOrMeta+v")
      },
    },
    {
      name: "cut and paste",
      weight: 2,
      run: async () => {
        await press("ControlOrMeta+x")
        await press("ControlOrMeta+v")
      },
    },
    { name: "duplicate", weight: 2, run: () => press("ControlOrMeta+d") },
    { name: "undo", weight: 12, run: () => times(5, () => press("ControlOrMeta+z")) },
    { name: "redo", weight: 6, run: () => times(4, () => press("ControlOrMeta+Shift+z")) },
    { name: "tidy", weight: 1, run: () => press("Shift+L") },
    { name: "zoom", weight: 6, run: () => times(3, () => press(chance.pick(["0", "1", "2", "+", "-"]))) },
    { name: "look", weight: 4, run: look },
  ]
}
