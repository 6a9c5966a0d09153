import { expect, type Page } from "@playwright/test"

type Owner = { name: string; email: string; password: string; workspace: string }

/** The screens around the editor: set-up, settings, lists. */
export class AccountDriver {
  readonly page: Page

  constructor(page: Page) {
    this.page = page
  }

  /** Opens the set-up link and becomes the owner of a new workspace. */
  async setUp(link: string, { name, email, password, workspace }: Owner): Promise<void> {
    const { page } = this
    await page.goto(link)
    await page.getByLabel("Your name").fill(name)
    await page.getByLabel("E-mail").fill(email)
    await page.getByLabel("Password", { exact: true }).fill(password)
    await page.getByLabel("Workspace").fill(workspace)
    await page.getByRole("button", { name: "Start" }).click()
    await expect(page.getByRole("heading", { level: 1, name: "Journeys" })).toBeVisible()
  }

  /** Goes to a page by the rail. */
  async go(name: "Journeys" | "Customers" | "Mailbox" | "Settings"): Promise<void> {
    await this.page.getByRole("navigation", { name: "Main" }).getByRole("link", { name }).click()
    await expect(this.page.getByRole("heading", { level: 1, name })).toBeVisible()
  }

  async newJourney(name: string): Promise<void> {
    const { page } = this
    await page.getByRole("button", { name: "New journey" }).first().click()
    await page.getByRole("dialog").getByLabel("Name").fill(name)
    await page.getByRole("button", { name: "Create and open" }).click()
    await expect(page.getByRole("heading", { level: 1, name })).toBeVisible()
  }

  async setSender({ name, email }: { name: string; email: string }): Promise<void> {
    const { page } = this
    await page.getByRole("tab", { name: "Sender" }).click()
    const panel = page.getByRole("tabpanel", { name: "Sender" })
    await panel.getByLabel("Name").fill(name)
    await panel.getByLabel("E-mail address").fill(email)
    await panel.getByRole("button", { name: "Save" }).click()
    await expect(panel.getByRole("button", { name: "Save" })).toBeDisabled()
  }

  /** Makes a write key and reads it where it is shown, once. */
  async newWriteKey(name: string): Promise<string> {
    const { page } = this
    await page.getByRole("tab", { name: "Keys" }).click()
    await page.getByRole("button", { name: "New key" }).first().click()
    await page.getByRole("dialog").getByLabel("Name").fill(name)
    await page.getByRole("button", { name: "Create key" }).click()
    const key = await page.getByRole("textbox", { name: "Key" }).inputValue()
    await page.getByRole("button", { name: "I have copied it" }).click()
    await expect(page.getByRole("table", { name: "Keys" })).toContainText(name)
    return key
  }
}
