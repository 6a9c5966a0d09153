import AxeBuilder from "@axe-core/playwright"
import type { Page } from "@playwright/test"
import { WalkDriver } from "../drivers/walk-driver.ts"
import { createApi } from "../fixtures/api.ts"
import { expect, signIn, test } from "../fixtures/test.ts"

test.use({ installation: "node-types" })

/** A call, what is kept of its answer, a draw, and a value written: the three types that have large forms. */
const lead = {
  format: 1,
  key: "lead",
  name: "Lead",
  settings: { reentry: { mode: "once" } },
  nodes: [
    { id: "start", type: "event-entry", config: { event: "Account Created", maxAge: "P1D" } },
    {
      id: "crm",
      type: "webhook",
      name: "CRM",
      config: {
        url: "https://crm.example/leads",
        body: { email: "{{ profile.email }}" },
        save: [{ from: "/lead/id", to: "lead_id" }],
      },
    },
    {
      id: "halves",
      type: "random-split",
      name: "Halves",
      config: {
        branches: [
          { id: "a", name: "A", share: 0.5 },
          { id: "b", name: "B", share: 0.5 },
        ],
      },
    },
    {
      id: "note",
      type: "update-profile",
      name: "Note",
      config: { set: [{ attribute: "lead", value: { ref: "context.lead_id" } }], unset: ["trial"] },
    },
    { id: "lost", type: "exit", name: "Lost", config: { reason: "lost" } },
  ],
  edges: [
    { from: "start", outcome: "next", to: "crm" },
    { from: "crm", outcome: "succeeded", to: "halves" },
    { from: "crm", outcome: "failed", to: "lost" },
    { from: "halves", outcome: "a", to: "note" },
    { from: "halves", outcome: "b", to: "note" },
  ],
}
const open = async (page: Page, id: string) => {
  await page.locator(`[data-node="${id}"]`).click()
  return page.locator("[data-inspector]")
}

const expectAccessible = async (page: Page) => {
  const { violations } = await new AxeBuilder({ page }).include("[data-inspector]").analyze()
  expect(
    violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .map(({ id, nodes }) => `${id} at ${nodes.map(node => node.target.join(" ")).join(", ")}`),
  ).toEqual([])
}

test.beforeEach(async ({ page, shop }) => {
  const { server, workspace } = shop
  const api = createApi({ url: server.url, key: server.adminKey })
  await api.ask("PUT", `/journeys/${lead.key}`, lead)
  await signIn(page, shop)
  await page.goto(`${server.url}/w/${workspace}/journeys/${lead.key}`)
})

test("a random split: shares that do not add up are told and mended", async ({ page }) => {
  const form = await open(page, "halves")
  await form.getByLabel("Share", { exact: true }).first().fill("66.67")
  await expect(page.getByText(/The shares add up to 116\.67\s%/).first()).toBeVisible()
  await form.getByRole("button", { name: "Share evenly" }).click()
  await expect(form.getByRole("status")).toHaveText("Together 100\u00a0%")
  await expect(page.locator("[data-problem=shares-sum]")).toHaveCount(0)
  await expectAccessible(page)
})

test("a web call: what is no JSON stays in the field and out of the journey", async ({ page }) => {
  const form = await open(page, "crm")
  const body = form.getByLabel("Body (JSON)")
  await body.fill('{ "email": ')
  await expect(form.getByText("This is no JSON yet; it is not saved.")).toBeVisible()
  await body.fill('{ "name": "{{ profile.name | default: \'\' }}" }')
  await expect(form.getByText("This is no JSON yet; it is not saved.")).toHaveCount(0)
  await form.getByLabel("Address").fill("http://10.0.0.1/x")
  await expect(page.getByText("10.0.0.1 is inside a private network", { exact: false }).first()).toBeVisible()
  await expectAccessible(page)
  await page.reload()
  await open(page, "crm")
  await expect(form.getByLabel("Address")).toHaveValue("http://10.0.0.1/x")
  await expect(form.getByLabel("Body (JSON)")).toHaveValue(/profile\.name/)
})

test("a profile update offers what steps before have kept", async ({ page }) => {
  const form = await open(page, "note")
  await expect(page.locator("[data-sentence]")).toHaveText("Write lead; remove trial")
  await form.getByLabel("Kept by a step before", { exact: true }).click()
  await expect(page.getByRole("option", { name: "lead_id" })).toBeVisible()
  await page.keyboard.press("Escape")
  await expectAccessible(page)
})

test("a walk: the stand-in answers with what was written, or fails", async ({ page }) => {
  await page.getByRole("button", { name: "Preview", exact: true }).click()
  const walk = new WalkDriver(page)
  await walk.panel.getByLabel("Answer (JSON)").fill('{ "lead": { "id": 7 } }')
  await walk.press("Start")
  await walk.stepUntil("Kept: lead_id")
  await walk.stepUntil("CRM: goes on by “succeeded”")
  await walk.press("Start again")
  await walk.panel.getByText("with a failure").click()
  await walk.press("Start")
  await walk.stepUntil("CRM: goes on by “failed”")
  await walk.stepUntil("Lost: leaves the journey (lost)")
})
