import AxeBuilder from "@axe-core/playwright"
import type { Locator, Page } from "@playwright/test"
import { createApi } from "../fixtures/api.ts"
import { expect, signIn, test } from "../fixtures/test.ts"
import { watchViolations } from "../fixtures/violations.ts"

test.use({ installation: "audience" })

/** A mail, a wait for an order, a second mail to those who looked around. */
const journey = {
  format: 1,
  key: "audience",
  name: "Audience",
  settings: { reentry: { mode: "once" } },
  nodes: [
    { id: "start", type: "event-entry", config: { event: "Account Created", maxAge: "P1D" } },
    {
      id: "hello",
      type: "email",
      name: "Hello",
      config: {
        purpose: "marketing",
        subject: "Hello {{ profile.first_name | default: 'you' }}",
        html: '<p>Welcome</p><a href="{{ links.unsubscribe }}">no more</a>',
      },
    },
    {
      id: "order",
      type: "wait-for-event",
      name: "First order",
      config: { branches: [{ id: "ordered", event: "Order Completed" }], timeout: "P5D", since: "entry" },
    },
    { id: "bought", type: "exit", name: "Bought", config: { reason: "bought" } },
    { id: "cold", type: "exit", name: "Cold", config: { reason: "cold" } },
  ],
  edges: [
    { from: "start", outcome: "next", to: "hello" },
    { from: "hello", outcome: "next", to: "order" },
    { from: "order", outcome: "ordered", to: "bought" },
    { from: "order", outcome: "timeout", to: "cold" },
  ],
}

/** The preview with an audience, beside the canvas. */
class AudienceDriver {
  readonly panel: Locator
  readonly results: Locator
  private readonly page: Page

  constructor(page: Page) {
    this.page = page
    this.panel = page.getByRole("complementary", { name: "Preview with an audience" })
    this.results = page.locator("[data-audience-results]")
  }

  async open(): Promise<void> {
    await this.page.getByRole("button", { name: "Preview", exact: true }).click()
    await this.page.getByText("An audience", { exact: true }).click()
    await expect(this.panel).toBeVisible()
  }

  /** How many do an event, after coming in and after each message, in per cent. */
  async setShares(event: string, shares: [number, number]): Promise<void> {
    const fields = this.panel.locator(`[data-behaviour-event="${event}"]`)
    await fields.locator("summary").click()
    for (const [index, share] of shares.entries()) {
      await fields.getByLabel("Share").nth(index).fill(String(share))
    }
  }

  async run(customers: number): Promise<void> {
    await this.panel.getByLabel("Customers", { exact: true }).fill(String(customers))
    await this.panel.getByRole("button", { name: "Run the preview" }).click()
  }

  async change(): Promise<void> {
    await this.panel.getByRole("button", { name: "Change" }).click()
  }

  /** The scrubber, moved by its keys. */
  async press(key: string): Promise<void> {
    await this.panel.getByRole("slider", { name: "Simulated moment" }).press(key)
  }

  total(name: "entered" | "inside" | "ended"): Locator {
    return this.panel.locator(`[data-total=${name}] dd`)
  }
}

const expectAccessible = async (page: Page) => {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme })
    const { violations } = await new AxeBuilder({ page }).include("[data-audience-panel]").analyze()
    expect(
      violations
        .filter(({ impact }) => impact === "serious" || impact === "critical")
        .map(({ id, nodes }) => `${id} at ${nodes.map(node => node.target.join(" ")).join(", ")}`),
    ).toEqual([])
  }
  await page.emulateMedia({ colorScheme: "light" })
}

test.beforeEach(async ({ page, shop }) => {
  const { server, workspace } = shop
  const api = createApi({ url: server.url, key: server.adminKey })
  await api.ask("PUT", `/journeys/${journey.key}`, journey)
  await signIn(page, shop)
  await page.goto(`${server.url}/w/${workspace}/journeys/${journey.key}`)
})

test("an audience goes through the draft, and every moment of it can be looked at", async ({ page }) => {
  const refused = watchViolations(page)
  const audience = new AudienceDriver(page)
  await audience.open()
  await audience.setShares("Order Completed", [40, 0])
  await audience.run(3_000)
  await expect(audience.results.getByText(/3,000 customers in .* s, seed 1/)).toBeVisible()
  await expect(page.locator("[data-simulation-bar]")).toContainText("Simulation")

  await test.step("the scrubber shows the counts of a moment on the cards", async () => {
    await expect(audience.total("entered")).toHaveText("3,000")
    await audience.press("Home")
    await expect(audience.total("entered")).not.toHaveText("3,000")
    await audience.press("PageUp")
    const inside = await audience.total("inside").innerText()
    await expect(
      page.locator('[data-node="order"]').getByRole("button", { name: `${inside} inside` }),
    ).toBeVisible()
    await page.getByRole("button", { name: "When most are inside" }).click()
    await expect(page.locator("[data-audience-moment]")).not.toHaveAttribute("data-audience-moment", "0")
  })

  await test.step("a number opens who is behind it, and one of them the walk", async () => {
    const moment = await audience.total("inside").innerText()
    await page
      .locator('[data-node="order"]')
      .getByRole("button", { name: `${moment} inside` })
      .click()
    const members = page.getByRole("region", { name: "Simulated customers" })
    await expect(members).toContainText(`${moment} inside “First order”`)
    await expect(members.getByText("The first 100 are shown.")).toBeVisible()
    await members.locator("li button").first().click()
    const walk = page.getByRole("complementary", { name: "Walk with one customer" })
    await expect(walk.getByText("Event Account Created")).toBeVisible()
    await expect(walk.getByText("Hello: message to")).toBeVisible()
  })
  expect(refused).toEqual([])
})

test("the same seed gives the same result, another seed another", async ({ page }) => {
  const audience = new AudienceDriver(page)
  await audience.open()
  const endOf = async () => {
    await expect(audience.results).toBeVisible()
    const text = await audience.panel.locator("dl").innerText()
    await audience.change()
    return text
  }
  await audience.run(2_000)
  const first = await endOf()
  await audience.run(2_000)
  expect(await endOf()).toBe(first)
  await audience.panel.getByRole("button", { name: "Another seed" }).click()
  await audience.run(2_000)
  expect(await endOf()).not.toBe(first)
})

test("steps that nobody reaches are hatched and listed, and lead to their card", async ({ page }) => {
  const audience = new AudienceDriver(page)
  await audience.open()
  await audience.setShares("Order Completed", [0, 0])
  await audience.run(500)
  const never = page.getByRole("region", { name: "Steps that nobody reached" })
  await expect(never.getByRole("listitem")).toHaveText(["Bought"])
  await expect(page.locator('[data-node="bought"]')).toHaveAttribute("data-never")
  await expect(page.locator('[data-node="cold"]')).not.toHaveAttribute("data-never")
  await audience.change()
  await expect(page.locator("[data-simulation-bar]")).toHaveCount(0)
  await expect(page.locator('[data-node="bought"]')).not.toHaveAttribute("data-never")
})

test("a long run shows how far it is, and can be cancelled", async ({ page }) => {
  const audience = new AudienceDriver(page)
  await audience.open()
  await audience.run(1_000_000)
  await expect(audience.panel.getByRole("progressbar")).toBeVisible()
  await expect(audience.panel.getByRole("status")).toContainText(/[1-9][\d,]* of 1,000,000 customers/)
  await audience.panel.getByRole("button", { name: "Cancel" }).click()
  await expect(audience.panel.getByRole("button", { name: "Run the preview" })).toBeVisible()
  await audience.run(100)
  await expect(audience.total("entered")).toHaveText("100")
})

test("nothing on the way is hard to reach, in light and in dark", async ({ page }) => {
  const audience = new AudienceDriver(page)
  await audience.open()
  await audience.setShares("Order Completed", [0, 0])
  await expectAccessible(page)
  await audience.run(1_000)
  await page.getByRole("button", { name: "When most are inside" }).click()
  await page.locator('[data-node="order"] [data-live-chip] [data-kind="inside"]').click()
  await expect(page.getByRole("region", { name: "Simulated customers" }).getByRole("list")).toBeVisible()
  await expectAccessible(page)
})
