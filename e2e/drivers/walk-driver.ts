import { expect, type FrameLocator, type Locator, type Page } from "@playwright/test"

/** The walk beside the canvas: one customer through the draft. */
export class WalkDriver {
  readonly panel: Locator
  readonly log: Locator

  constructor(page: Page) {
    this.panel = page.getByRole("complementary", { name: "Walk with one customer" })
    this.log = this.panel.getByRole("region", { name: "What happened" })
  }

  async press(name: string): Promise<void> {
    await this.panel.getByRole("button", { name, exact: true }).click()
  }

  /** Gives the made-up customer a value of an attribute that is there already. */
  async setAttribute(name: string, value: string): Promise<void> {
    await this.panel.getByLabel(`Value of ${name}`).fill(value)
  }

  /** Tells one happening after the other until that one stands in the log. */
  async stepUntil(text: string): Promise<void> {
    for (let steps = 0; steps < 20 && (await this.log.getByText(text).count()) === 0; steps++) {
      const told = await this.log.getByRole("listitem").count()
      await this.press("Step")
      await expect(async () =>
        expect(await this.log.getByRole("listitem").count()).toBeGreaterThanOrEqual(told),
      ).toPass()
    }
    await expect(this.log.getByText(text)).toBeVisible()
  }

  async send(event: string): Promise<void> {
    await this.panel.getByLabel("Send an event").fill(event)
    await this.press("Send")
  }

  /** The messages so far, as they are read. */
  message(at: number): { box: Locator; content: FrameLocator } {
    const box = this.log.locator("[data-walk-message]").nth(at)
    return { box, content: box.frameLocator("iframe") }
  }
}
