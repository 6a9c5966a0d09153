import { expect, type Page } from "@playwright/test"
import { EditorDriver } from "../drivers/editor-driver.ts"
import type { Api } from "../fixtures/api.ts"
import { smallFile } from "../fixtures/import-file.ts"
import { settled } from "../fixtures/routes.ts"
import type { RunningServer } from "../fixtures/server.ts"
import { welcome } from "../journeys/welcome.ts"

/** Takes what the page shows, by name; `dark`: once more in dark. */
export type Camera = {
  page: Page
  take: (name: string, options?: { dark?: boolean }) => Promise<void>
}

/** Where the scenes play: `home` is the address of the sandbox. */
type Stage = { camera: Camera; api: Api; server: RunningServer; home: string }

/** What is seen before anybody is known here. */
export async function firstScenes({ page, take }: Camera, server: RunningServer): Promise<void> {
  await page.goto(server.setUpUrl)
  await expect(page.getByRole("button", { name: "Start" })).toBeVisible()
  await take("setup")
}

async function chooseTemplate(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name: "New journey" }).first().click()
  await page.getByRole("radio", { name }).click()
}

/** The empty list, the templates, and the welcome journey out of them, published. */
export async function drawJourney({ camera: { page, take }, api, home }: Stage): Promise<void> {
  await page.goto(`${home}/journeys`)
  await settled(page)
  await take("journeys-empty")
  for (const name of ["Abandoned cart", "Win-back"]) {
    await chooseTemplate(page, name)
    await page.getByRole("button", { name: "Create and open" }).click()
    await new EditorDriver(page).saved()
    await page.goto(`${home}/journeys`)
  }
  await chooseTemplate(page, welcome.name)
  await expect(page.getByText("Events that it needs")).toBeVisible()
  await take("templates", { dark: true })
  await page.getByRole("button", { name: "Create and open" }).click()
  await new EditorDriver(page).saved()
  await api.ask("POST", `/journeys/${welcome.key}/publish`, { note: "First version" })
}

async function openCanvas({ camera: { page }, home }: Stage): Promise<EditorDriver> {
  await page.goto(`${home}/journeys/${welcome.key}`)
  await settled(page)
  return new EditorDriver(page)
}

/** Away from everything that lights up under the pointer. */
const restPointer = (page: Page) => page.mouse.move(1020, 70)

/** Every other screen, in the order in which the guide walks through them. */
export const scenes: { [name: string]: (stage: Stage) => Promise<void> } = {
  async canvas(stage) {
    const { page, take } = stage.camera
    const editor = await openCanvas(stage)
    await editor.button("Live").click()
    await expect(page.getByText("Inside now")).toBeVisible()
    await editor.select(editor.card("Wait for event").first())
    await editor.fit()
    await restPointer(page)
    await take("canvas", { dark: true })
  },

  async zooms(stage) {
    const { page, take } = stage.camera
    const editor = await openCanvas(stage)
    await editor.canvas.press("1")
    await restPointer(page)
    await take("canvas-near")
    await editor.fit()
    await restPointer(page)
    await take("canvas-fit")
    for (let times = 0; times < 4; times++) await editor.button("Zoom out").click()
    await restPointer(page)
    await take("canvas-far")
  },

  async email(stage) {
    const { page, take } = stage.camera
    const editor = await openCanvas(stage)
    await editor.select(editor.card("E-mail, Welcome").first())
    await expect(editor.field("Subject")).toBeVisible()
    await restPointer(page)
    await take("email")
    await page.getByRole("button", { name: "See it as its reader" }).click()
    await expect(page.getByRole("dialog").locator("iframe").first()).toBeVisible()
    await take("email-reader")
  },

  async outline(stage) {
    const { page, take } = stage.camera
    await openCanvas(stage)
    await page.getByText("Outline", { exact: true }).click()
    await page
      .getByRole("treeitem", { name: /Welcome/ })
      .first()
      .click()
    await take("outline")
  },

  async walk(stage) {
    const { page, take } = stage.camera
    const editor = await openCanvas(stage)
    await editor.openWalk()
    await page.getByRole("button", { name: "Start", exact: true }).click()
    await page.getByRole("button", { name: "Next happening" }).click()
    await expect(page.locator("[data-walk-message]").first()).toBeVisible()
    await restPointer(page)
    await take("walk")
  },

  async audience(stage) {
    const { page, take } = stage.camera
    const editor = await openCanvas(stage)
    await editor.openWalk()
    await page.getByText("An audience", { exact: true }).click()
    const panel = page.getByRole("complementary", { name: "Preview with an audience" })
    await panel.getByLabel("Customers", { exact: true }).fill("20000")
    await panel.getByRole("button", { name: "Run the preview" }).click()
    await expect(page.locator("[data-audience-results]").getByText(/20,000 customers/)).toBeVisible({
      timeout: 60_000,
    })
    await page.getByRole("button", { name: "When most are inside" }).click()
    await editor.fit()
    await restPointer(page)
    await take("audience")
  },

  async behindNumbers(stage) {
    const { page, take } = stage.camera
    const editor = await openCanvas(stage)
    await editor.button("Live").click()
    await expect(page.getByText("Inside now")).toBeVisible()
    await editor.fit()
    await editor
      .card("Wait for event, First order\\?")
      .getByRole("button", { name: /inside now$/ })
      .click()
    await settled(page)
    await restPointer(page)
    await take("numbers")
  },

  async publish(stage) {
    const { page, take } = stage.camera
    const editor = await openCanvas(stage)
    await editor.insertOn({ card: editor.card("E-mail, Welcome"), outcome: "next" }, "Delay")
    await editor.saved()
    await editor.button("Publish").click()
    await expect(page.getByText("1 new step")).toBeVisible()
    await settled(page)
    await expect(page.getByText(/^Counting/)).toHaveCount(0)
    await take("publish")
  },

  async journeys({ camera: { page, take }, home }) {
    await page.goto(`${home}/journeys`)
    await settled(page)
    await take("journeys", { dark: true })
  },

  async customers({ camera: { page, take }, home }) {
    await page.goto(`${home}/customers`)
    await settled(page)
    await take("customers")
    await page.goto(`${home}/customers?inside=${welcome.key}`)
    await settled(page)
    await page.getByRole("table").getByRole("link").first().click()
    await settled(page)
    await take("customer", { dark: true })
  },

  async import({ camera: { page, take }, home }) {
    await page.goto(`${home}/import`)
    await settled(page)
    await page.locator("input[type=file]").setInputFiles({
      name: smallFile.name,
      mimeType: "text/csv",
      buffer: Buffer.from(smallFile.text),
    })
    await expect(page.getByRole("table", { name: "The first rows, as they would be read" })).toBeVisible()
    await take("import-columns")
    await page.getByRole("button", { name: "Check what would change" }).click()
    await expect(page.getByRole("heading", { name: "Rejected rows" })).toBeVisible()
    await settled(page)
    await take("import-check")
    await page.getByRole("button", { name: /^Import \d+ rows$/ }).click()
    await expect(page.getByRole("link", { name: "See the customers" })).toBeVisible()
    await page.goto(`${home}/import`)
    await settled(page)
    await take("import")
  },

  async mailbox({ camera: { page, take }, home }) {
    await page.goto(`${home}/mailbox`)
    await settled(page)
    await take("mailbox")
  },

  async status({ camera: { page, take }, home }) {
    await page.goto(`${home}/status`)
    await settled(page)
    await take("status")
  },

  async settings({ camera: { page, take }, home }) {
    for (const tab of ["general", "events", "members", "clock"]) {
      await page.goto(`${home}/settings?tab=${tab}`)
      await settled(page)
      await take(`settings-${tab}`)
    }
  },

  async nowhere({ camera: { page, take }, home }) {
    await page.goto(`${home}/no/such/page`)
    await settled(page)
    await take("not-found")
  },

  async signIn({ camera: { page, take }, server }) {
    await page.context().clearCookies()
    await page.goto(`${server.url}/sign-in`)
    await expect(page.getByRole("button", { name: "Sign in" })).toBeVisible()
    await take("sign-in")
  },
}
