import type { Page } from "@playwright/test"
import { EditorDriver } from "../drivers/editor-driver.ts"
import { createApi } from "../fixtures/api.ts"
import { expect, type Shop, signIn, test } from "../fixtures/test.ts"
import { welcome } from "../journeys/welcome.ts"

test.use({ installation: "results" })

async function openLive(page: Page, shop: Shop): Promise<EditorDriver> {
  await signIn(page, shop)
  await page.goto(`${shop.server.url}/w/${shop.workspace}/journeys/${welcome.key}`)
  await page.getByRole("button", { name: "Live", exact: true }).click()
  await expect(page.locator("[data-connection=open]")).toBeVisible()
  return new EditorDriver(page)
}

test.setTimeout(90_000)

test("numbers open: on a card, in the inspector and in the bar, and lead to the customer", async ({
  page,
  shop,
}) => {
  const editor = await openLive(page, shop)
  const list = page.getByRole("dialog")
  await test.step("who is inside now", async () => {
    await page.locator("[data-node=first-order] [data-kind=inside]").click()
    await expect(list.getByRole("heading", { name: "Inside now: Wait for event" })).toBeVisible()
    await expect(list.getByRole("listitem")).toHaveCount(2)
    await expect(list.getByText("goes on").first()).toBeVisible()
    await page.keyboard.press("Escape")
    await expect(list).toBeHidden()
  })
  await test.step("who went on by a way out, and why", async () => {
    await editor.select(editor.card("Wait for event"))
    await editor.inspector.getByRole("button", { name: "1 went on by “Ordered”" }).click()
    await expect(list.getByRole("listitem")).toHaveCount(1)
    await expect(list.getByRole("link", { name: "Ada Lovelace" })).toBeVisible()
    await page.keyboard.press("Escape")
  })
  await test.step("what became of a message", async () => {
    await page.locator("[data-node=welcome]").getByRole("button", { name: "3 messages sent" }).click()
    await expect(list.getByRole("listitem")).toHaveCount(3)
    await expect(list.getByRole("link", { name: "Read the message" }).first()).toBeVisible()
    await page.keyboard.press("Escape")
  })
  await test.step("who has ended, and on to what that customer did", async () => {
    await page.locator("[data-live-bar]").getByRole("button", { name: "1 ended with “bought”" }).click()
    await list.getByRole("link", { name: "Ada Lovelace" }).click()
    await expect(page.getByRole("heading", { level: 1, name: "Ada Lovelace" })).toBeVisible()
    await expect(page.getByText("Order Completed").first()).toBeVisible()
  })
})

test("the numbers of one version, and of steps that are drawn no longer", async ({ page, shop }) => {
  const api = createApi({ url: shop.server.url, key: shop.server.adminKey })
  const draft = await api.journey(welcome.key)
  const without = {
    ...draft,
    nodes: draft.nodes.filter(({ id }) => id !== "welcome"),
    edges: [
      { from: "start", outcome: "next", to: "first-order" },
      ...draft.edges.filter(({ from }) => from !== "start" && from !== "welcome"),
    ],
  }
  await api.ask("PUT", `/journeys/${welcome.key}`, without)
  await api.ask("POST", `/journeys/${welcome.key}/publish`, {})
  await openLive(page, shop)
  const entered = page.locator("[data-figure=entered] b")
  await expect(entered).toHaveText("3")
  await page.getByRole("button", { name: "1 step no longer drawn" }).click()
  await page.locator("[data-gone-nodes]").getByRole("button", { name: "3 went on by “next”" }).click()
  await expect(page.locator("[data-behind]").getByRole("listitem")).toHaveCount(3)
  await page.keyboard.press("Escape")
  await page.getByLabel("Numbers of").selectOption("Version 2")
  await expect(entered).toHaveText("0")
  await page.getByLabel("Numbers of").selectOption("Version 1")
  await expect(entered).toHaveText("3")
})

test("an e-mail as a customer would get it, and a test of it to oneself", async ({ page, shop }) => {
  await signIn(page, shop)
  await page.goto(`${shop.server.url}/w/${shop.workspace}/journeys/summer-news`)
  const editor = new EditorDriver(page)
  await editor.select(editor.card("E-mail, Reminder"))
  await editor.field("Subject").fill("{{ profile.first_name }}, {{ profile.shoe_size }}")
  const { inspector } = editor
  await inspector.getByLabel("As this customer").fill("grace")
  await page.getByRole("option", { name: /Grace Hopper/ }).click()
  await expect(inspector.getByText("profile.shoe_size has no value and no default")).toBeVisible()
  await editor.field("Subject").fill("Dear {{ profile.first_name }}")
  await inspector.getByRole("button", { name: "See it as its reader" }).click()
  const dialog = page.getByRole("dialog", { name: "See it as its reader" })
  await expect(dialog.getByText("Dear Grace")).toBeVisible()
  const mail = dialog.locator("iframe")
  const desktop = await mail.boundingBox()
  await dialog.getByText("Phone").click()
  await expect.poll(async () => (await mail.boundingBox())?.width).toBeLessThan(desktop?.width ?? 0)
  const colours = mail.contentFrame().locator(":root")
  await expect(colours).toHaveCSS("color", "rgb(0, 0, 0)")
  await dialog.getByText("Dark").click()
  await expect(colours).toHaveCSS("color", "rgb(232, 233, 237)")
  await dialog.getByText("Plain text").click()
  await expect(dialog.locator("pre")).toContainText("WELCOME10")
  await dialog.getByRole("button", { name: "Send test to me" }).click()
  await expect(page.getByText("The test for aurora@example.com lies in the mailbox.")).toBeVisible()
  const counted = await createApi({ url: shop.server.url, key: shop.server.adminKey }).stats("summer-news")
  expect(counted.totals.entered).toBe(0)
})

test("a condition says how many it holds for; a publish whom it would have let in", async ({
  page,
  shop,
}) => {
  await signIn(page, shop)
  const journey = `${shop.server.url}/w/${shop.workspace}/journeys/summer-news`
  const api = createApi({ url: shop.server.url, key: shop.server.adminKey })
  const draft = await api.journey("summer-news")
  const points = { kind: "profile", path: "points", is: "at-least", value: 10 }
  await api.ask("PUT", "/journeys/summer-news", {
    ...draft,
    edges: [{ from: "start", outcome: "next", to: "welcome" }, ...draft.edges],
    nodes: draft.nodes.map(node =>
      node.id === "start" ? { ...node, config: { ...node.config, audience: points } } : node,
    ),
  })
  await page.goto(journey)
  const editor = new EditorDriver(page)
  await editor.select(editor.card("Entry"))
  const matching = editor.inspector.locator("[data-matching]")
  await expect(matching).toContainText("2 of 3 customers match now (66.7%)")
  await expect(matching.getByRole("link", { name: "Grace Hopper" })).toBeVisible()
  await page.goto(`${journey}/publish`)
  await expect(page.locator("[data-let-in='2']")).toContainText("was seen 3 times, of 3 customers")
  await expect(page.getByText("1 event was of a customer outside of the audience.")).toBeVisible()
})
