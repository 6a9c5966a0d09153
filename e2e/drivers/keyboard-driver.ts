import { expect, type Locator, type Page } from "@playwright/test"

const mostTabs = 80

/** The editor in the hands of somebody who has only a keyboard: every focus is reached by keys, nothing is clicked. */
export class KeyboardDriver {
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

  async press(...keys: string[]): Promise<void> {
    for (const key of keys) await this.page.keyboard.press(key)
  }

  async type(text: string): Promise<void> {
    await this.page.keyboard.type(text)
  }

  /** Puts a text in at once, as pasting does. */
  async paste(text: string): Promise<void> {
    await this.page.keyboard.insertText(text)
  }

  /** Goes by Tab, or Shift+Tab where it lies before, until that has the focus. */
  async reach(target: Locator): Promise<void> {
    await expect(target).toBeVisible()
    for (let tabs = 0; tabs < mostTabs; tabs++) {
      const where = await target.evaluate(element => {
        const active = document.activeElement
        if (active === element || !active) return "here"
        const isBehind = active.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING
        return active === document.body || isBehind ? "behind" : "before"
      })
      if (where === "here") return
      await this.press(where === "behind" ? "Tab" : "Shift+Tab")
    }
    throw new Error(`no Tab leads to ${target}`)
  }

  async pressButton(button: Locator): Promise<void> {
    await this.reach(button)
    await this.press("Enter")
  }

  field(label: string): Locator {
    return this.inspector.getByLabel(label, { exact: true })
  }

  /** Writes into a field of the form in place of what stands there. */
  async fill(label: string, text: string): Promise<void> {
    await this.reach(this.field(label))
    await this.press("ControlOrMeta+a")
    await (text.length > 40 ? this.paste(text) : this.type(text))
    await expect(this.field(label)).toHaveValue(text)
  }

  /** Chooses from a list by the arrows. */
  async choose(list: Locator, option: string): Promise<void> {
    await this.reach(list)
    if ((await list.inputValue()) === option) return
    const wanted = this.page.getByRole("option", { name: option, exact: true })
    await this.press("ArrowDown")
    await expect(wanted).toBeVisible()
    for (let steps = 0; steps < mostTabs; steps++) {
      if ((await wanted.getAttribute("data-combobox-selected")) !== null) break
      await this.press("ArrowDown")
    }
    await this.press("Enter")
    await expect(list).toHaveValue(option)
  }

  /** From the form back to the canvas, where the arrows walk. */
  async backToCanvas(): Promise<void> {
    for (let tries = 0; tries < 3; tries++) {
      await this.press("Escape")
      if (await this.#isFocused(this.canvas)) return
    }
    await expect(this.canvas).toBeFocused()
  }

  /** Walks by arrows and expects to come to that card. */
  async walk(arrows: string[], title: string): Promise<void> {
    await this.press(...arrows)
    const active = await this.canvas.getAttribute("aria-activedescendant")
    await expect(this.page.locator(`[id="${active}"]`)).toHaveAccessibleName(new RegExp(`^${title}, `))
  }

  /** Inserts a step after the one where the keys stand, at the first way out that is open. */
  async insert(type: string): Promise<void> {
    await this.press("Tab")
    await expect(this.picker.getByRole("combobox", { name: "Search steps" })).toBeFocused()
    await this.type(type)
    await this.press("Enter")
    await expect(this.picker).toBeHidden()
    await expect(this.inspector.getByRole("heading", { name: type, exact: true })).toBeVisible()
  }

  async #isFocused(locator: Locator): Promise<boolean> {
    return locator.evaluate(element => document.activeElement === element)
  }
}
