import { expect, type Locator, type Page } from "@playwright/test"

/** A place on the screen, in pixels of the page. */
export type Point = { x: number; y: number }

/** Which way out of a card: its id, as the document has it. */
export type WayOut = { card: Locator; outcome: string }

/** The editor in the hands of somebody with a mouse. Cards are named as a screen reader says them: `E-mail, Welcome`. */
export class EditorDriver {
  readonly page: Page
  readonly canvas: Locator
  readonly inspector: Locator
  readonly picker: Locator

  constructor(page: Page) {
    this.page = page
    this.canvas = page.getByRole("application", { name: "Journey canvas" })
    this.inspector = page.getByRole("complementary", { name: "Settings of the selection" })
    this.picker = page.getByRole("dialog", { name: "Choose a step" })
  }

  card(title: string, { saying }: { saying?: string } = {}): Locator {
    const cards = this.canvas.getByRole("group", { name: new RegExp(`^${title}, `) })
    return saying === undefined ? cards : cards.filter({ hasText: saying })
  }

  /** The "+" of the way on, or of the still open way out, below a card. */
  async plusAfter({ card, outcome }: WayOut): Promise<Locator> {
    const id = await idOf(card)
    return this.canvas
      .locator(`[data-edge="${id}.${outcome}"]`)
      .getByRole("button", { name: "Insert a step here" })
  }

  field(label: string): Locator {
    return this.inspector.getByLabel(label, { exact: true })
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole("button", { name, exact: typeof name === "string" })
  }

  async fit(): Promise<void> {
    await this.button("Fit the journey").click()
  }

  async select(card: Locator): Promise<void> {
    await card.locator("[data-sentence], div").first().click()
  }

  async addFirstStep(type: string): Promise<void> {
    await this.canvas.getByRole("button", { name: "Add the first step" }).click()
    await this.choose(type)
  }

  async addAfter(card: Locator, outcomeName: string, type: string): Promise<void> {
    await this.fit()
    await card.getByRole("button", { name: `Add a step after ${outcomeName}`, exact: true }).click()
    await this.choose(type)
  }

  async insertOn(way: WayOut, type: string): Promise<void> {
    await this.fit()
    await (await this.plusAfter(way)).click()
    await this.choose(type)
  }

  async choose(type: string): Promise<void> {
    await this.picker.getByRole("combobox", { name: "Search steps" }).fill(type)
    await this.picker.getByRole("option", { name: new RegExp(`^${type}`) }).click()
    await expect(this.picker).toBeHidden()
  }

  /** Drags a type out of the palette by the pointer and lets it go there, or onto the connection below a card. */
  async dragFromPalette(type: string, to: Point | WayOut): Promise<void> {
    const source = this.paletteEntry(type)
    await this.fit()
    const target = "card" in to ? await this.#middleOf(await this.plusAfter(to)) : to
    await this.#press(await this.#middleOf(source))
    await this.#moveTo(target)
    if ("card" in to) {
      const edge = this.canvas.locator(`[data-edge="${await idOf(to.card)}.${to.outcome}"]`)
      await expect(edge).toHaveAttribute("data-drop", "true")
    }
    await this.page.mouse.up()
  }

  /** Drags a type onto the "+" of a way out that is still open. */
  async dragOntoPlus(type: string, plus: Locator): Promise<void> {
    await this.#press(await this.#middleOf(this.paletteEntry(type)))
    await this.#moveTo(await this.#middleOf(plus))
    await expect(plus).toHaveAttribute("data-drop", "true")
    await this.page.mouse.up()
  }

  private paletteEntry(type: string): Locator {
    return this.page
      .getByRole("toolbar", { name: "Steps to drag onto the canvas" })
      .getByRole("button", { name: type, exact: true })
  }

  /** Draws a connection from a way out to another card. */
  async connect(from: WayOut, to: Locator): Promise<void> {
    await this.fit()
    const target = await this.#middleOf(to)
    await this.#press(await this.#middleOf(handleOf(from)))
    await this.#moveTo(target)
    await this.page.mouse.up()
    await expect(this.canvas.locator(`[data-edge="${await idOf(from.card)}.${from.outcome}"]`)).toBeAttached()
  }

  /** Draws a connection into nothing and chooses what shall stand there. */
  async connectToNew(from: WayOut, to: Point, type: string): Promise<void> {
    await this.#press(await this.#middleOf(handleOf(from)))
    await this.#moveTo(to)
    await this.page.mouse.up()
    await this.choose(type)
  }

  /** A point of the bare canvas near the given share of its width and height. */
  async emptyPoint(share: Point): Promise<Point> {
    await this.fit()
    await this.card("Entry").hover()
    const found = await this.canvas.evaluate((canvas, { x, y }) => {
      const box = canvas.getBoundingClientRect()
      for (let reach = 0; reach < 400; reach += 20)
        for (let angle = 0; angle < 12; angle++) {
          const px = box.left + box.width * x + reach * Math.cos((angle * Math.PI) / 6)
          const py = box.top + box.height * y + reach * Math.sin((angle * Math.PI) / 6)
          const around = [-60, 0, 60].flatMap(dx => [-30, 0, 30].map(dy => [px + dx, py + dy] as const))
          if (around.every(at => document.elementFromPoint(...at)?.classList.contains("react-flow__pane")))
            return { x: px, y: py }
        }
      return undefined
    }, share)
    if (!found) throw new Error("the canvas has no free place")
    return found
  }

  /** Marks the connection below a card by a click beside its "+". */
  async selectConnection(way: WayOut): Promise<void> {
    await this.fit()
    const { x, y } = await this.#middleOf(await this.plusAfter(way))
    const handle = await this.#middleOf(handleOf(way))
    await this.page.mouse.click((x + handle.x) / 2, (y + handle.y) / 2)
    await expect(this.inspector.getByRole("heading", { name: "Connection" })).toBeVisible()
  }

  async chooseOption(label: string, option: string): Promise<void> {
    await this.field(label).click()
    await this.page.getByRole("option", { name: option, exact: true }).click()
  }

  async openWalk(): Promise<void> {
    await this.button("Preview").click()
  }

  async saved(): Promise<void> {
    await expect(this.page.getByText(/^Saved \d/)).toBeVisible()
  }

  async #middleOf(locator: Locator): Promise<Point> {
    // Hovering waits until the canvas has stopped gliding.
    await locator.hover()
    const box = await locator.boundingBox()
    if (!box) throw new Error("it is not on the screen")
    return { x: box.x + box.width / 2, y: box.y + box.height / 2 }
  }

  async #press({ x, y }: Point): Promise<void> {
    await this.page.mouse.move(x, y)
    await this.page.mouse.down()
  }

  async #moveTo({ x, y }: Point): Promise<void> {
    await this.page.mouse.move(x, y, { steps: 12 })
  }
}

const handleOf = ({ card, outcome }: WayOut): Locator =>
  card.locator(`.react-flow__handle.source[data-handleid="${outcome}"]`)

async function idOf(card: Locator): Promise<string> {
  const id = await card.getAttribute("data-node")
  if (id === null) throw new Error("this is no card")
  return id
}
