import type { Page } from "@playwright/test"
import { EditorDriver } from "../drivers/editor-driver.ts"
import { type Api, createApi } from "../fixtures/api.ts"
import { expect, signIn, test } from "../fixtures/test.ts"
import { shapeOf, welcome, welcomeShape } from "../journeys/welcome.ts"

test.use({ installation: "editor", permissions: ["clipboard-read", "clipboard-write"] })

type Journey = Awaited<ReturnType<Api["journey"]>>

/** A draft with that key and steps, opened in the editor. */
async function open(page: Page, shop: Parameters<typeof signIn>[1], key: string, document?: object) {
  await signIn(page, shop)
  const api = createApi({ url: shop.server.url, key: shop.server.adminKey })
  const entry = { id: "start", type: "event-entry", version: 1, config: { event: "", maxAge: "P1D" } }
  const empty = { format: 1, settings: { reentry: { mode: "once" } }, nodes: [entry], edges: [] }
  await api.ask("PUT", `/journeys/${key}`, { ...empty, name: key, ...document, key })
  await page.goto(`${shop.server.url}/w/${shop.workspace}/journeys/${key}`)
  const editor = new EditorDriver(page)
  await expect(editor.card("Entry")).toBeVisible()
  return { editor, api }
}

const delay = (id: string) => ({ id, type: "delay", version: 1, config: { for: "P1D" } })
const chain = {
  nodes: [
    { id: "start", type: "event-entry", version: 1, config: { event: "Account Created", maxAge: "P1D" } },
    { ...delay("first"), name: "First" },
    { ...delay("second"), name: "Second" },
    { id: "done", type: "exit", version: 1, config: { reason: "done" } },
  ],
  edges: [
    { from: "start", outcome: "next", to: "first" },
    { from: "first", outcome: "next", to: "second" },
    { from: "second", outcome: "next", to: "done" },
  ],
}
const edgesOf = ({ edges }: Journey): string[] => edges.map(edge => `${edge.from}>${edge.to}`).sort()

test("a step let go on the place of an open way out is connected to it", async ({ page, shop }) => {
  const { editor, api } = await open(page, shop, "dropped")
  await editor.dragOntoPlus("Delay", editor.card("Entry").getByRole("button", { name: "Add the first step" }))
  const delayed = editor.card("Delay")
  await editor.fit()
  await editor.dragOntoPlus("Exit", delayed.getByRole("button", { name: "Add a step after next" }))
  await expect(editor.card("Exit")).toBeVisible()
  await editor.saved()
  expect(edgesOf(await api.journey("dropped"))).toEqual(["delay-1>exit-1", "start>delay-1"])
})

test("steps travel to another journey through the system's clipboard", async ({ page, shop }) => {
  const { editor } = await open(page, shop, "source", chain)
  await editor.select(editor.card("Delay, First"))
  await page.keyboard.down("Shift")
  await editor.select(editor.card("Delay, Second"))
  await page.keyboard.up("Shift")
  await page.keyboard.press("ControlOrMeta+c")
  const text = await page.evaluate(() => navigator.clipboard.readText())
  expect(JSON.parse(text)).toMatchObject({ key: "source", nodes: [{ id: "first" }, { id: "second" }] })
  await page.keyboard.press("ControlOrMeta+x")
  await expect(editor.card("Delay")).toHaveCount(0)
  await expect(editor.button("Undo: cut 2 steps")).toBeVisible()

  const { editor: other, api } = await open(page, shop, "destination")
  await other.canvas.focus()
  await page.keyboard.press("ControlOrMeta+v")
  await expect(other.card("Delay")).toHaveCount(2)
  await page.keyboard.press("ControlOrMeta+d")
  await expect(other.card("Delay")).toHaveCount(4)
  await other.saved()
  expect(edgesOf(await api.journey("destination"))).toEqual(["delay-1>delay-2", "delay-3>delay-4"])
})

test("undo goes on over a reload, by the names of the steps", async ({ page, shop }) => {
  const { editor, api } = await open(page, shop, "reloaded", chain)
  await editor.select(editor.card("Delay, First"))
  await page.keyboard.press("Delete")
  await expect(editor.button("Undo: delete First")).toBeVisible()
  await editor.saved()
  expect(edgesOf(await api.journey("reloaded"))).toEqual(["second>done", "start>second"])
  await page.reload()
  await editor.button("Undo: delete First").click()
  await expect(editor.card("Delay, First")).toBeVisible()
  await expect(async () =>
    expect(edgesOf(await api.journey("reloaded"))).toEqual(["first>second", "second>done", "start>first"]),
  ).toPass()
  await editor.select(editor.card("Delay, First"))
  await page.keyboard.press("Alt+Delete")
  await expect(async () => expect(edgesOf(await api.journey("reloaded"))).toEqual(["second>done"])).toPass()
})

test("a problem is shown on its path and mended by one click", async ({ page, shop }) => {
  const round = {
    ...chain,
    edges: [...chain.edges.slice(0, 2), { from: "second", outcome: "next", to: "split" }],
  }
  const when = { kind: "profile", path: "vip", is: "equals", value: true }
  const { editor } = await open(page, shop, "round", {
    nodes: [
      ...chain.nodes,
      { id: "split", type: "split", version: 1, config: { branches: [{ id: "vip", name: "VIP", when }] } },
      { id: "again", type: "split", version: 1, config: { branches: [{ id: "vip", name: "VIP", when }] } },
    ],
    edges: [
      ...round.edges,
      { from: "split", outcome: "vip", to: "again" },
      { from: "again", outcome: "vip", to: "split" },
      { from: "split", outcome: "else", to: "done" },
      { from: "again", outcome: "else", to: "done" },
    ],
  })
  await page.keyboard.press("ControlOrMeta+Shift+m")
  const problems = page.getByRole("region", { name: "Problems" })
  await problems.getByRole("button", { name: "Show the path" }).first().click()
  await expect(page.locator("[data-node=again][data-shown]")).toBeVisible()
  await problems.getByRole("button", { name: "Insert a wait here" }).click()
  await expect(page.getByText("0 errors")).toBeVisible()
  await expect(editor.button("Undo: Insert a wait here")).toBeVisible()
})

test("find, the command palette and a link lead to a step", async ({ page, shop }) => {
  const { editor } = await open(page, shop, "found", chain)
  await page.keyboard.press("ControlOrMeta+f")
  await page.keyboard.type("reason done")
  await page.keyboard.press("Enter")
  await expect(editor.inspector.getByLabel("Reason")).toHaveValue("done")
  await page.keyboard.press("Escape")
  await page.keyboard.press("ControlOrMeta+k")
  await page.keyboard.type("second")
  await page.keyboard.press("Enter")
  await expect(editor.field("Name")).toHaveValue("Second")
  await page.keyboard.press("ControlOrMeta+k")
  await page.keyboard.type("copy a link")
  await page.keyboard.press("Enter")
  await expect(page.getByText("The link is in the clipboard.")).toBeVisible()
  await page.goto(await page.evaluate(() => navigator.clipboard.readText()))
  await expect(editor.field("Name")).toHaveValue("Second")
  const saved = page.waitForEvent("download")
  await page.keyboard.press("ControlOrMeta+k")
  await page.keyboard.type("drawing svg")
  await page.keyboard.press("Enter")
  expect((await saved).suggestedFilename()).toBe("found.svg")
})

test("a template offers the values that exist here", async ({ page, shop }) => {
  const { editor, api } = await open(page, shop, "completed", chain)
  await editor.insertOn({ card: editor.card("Delay, Second"), outcome: "next" }, "E-mail")
  await editor.field("Subject").pressSequentially("Ciao {{ profile.fir")
  await expect(page.getByRole("option", { name: /profile\.first_name/ })).toBeVisible()
  await page.keyboard.press("Enter")
  await expect(editor.field("Subject")).toHaveValue("Ciao {{ profile.first_name | default: '' }}")
  await editor.saved()
  const mail = (await api.journey("completed")).nodes.find(({ type }) => type === "email")
  expect(mail?.config.subject).toBe("Ciao {{ profile.first_name | default: '' }}")
})

test("the welcome journey built through the outline alone", async ({ page, shop }) => {
  test.setTimeout(120_000)
  const { editor, api } = await open(page, shop, "outlined")
  await page.getByText("Outline", { exact: true }).click()
  const outline = page.getByRole("tree", { name: "Outline of the journey" })
  const step = (name: string) => outline.getByRole("treeitem", { name: new RegExp(name) })
  const addAfter = async (name: string, type: string) => {
    await step(name).click()
    await step(name)
      .getByRole("button", { name: /^Insert a step after/ })
      .click()
    await editor.choose(type)
  }
  const addAt = async (way: string, type: string) => {
    await outline
      .getByRole("treeitem", { name: new RegExp(way) })
      .getByRole("button", { name: "Add a step" })
      .click()
    await editor.choose(type)
  }
  await step("Entry").click()
  await editor.field("Customers come in at this event").fill(welcome.entryEvent)
  await addAfter("Entry", "E-mail")
  await writeEmail(editor, welcome.welcome)
  await addAfter(welcome.welcome.name, "Wait for event")
  await editor.field("Branch 1").fill(welcome.order.branch)
  await editor.field("Event").fill(welcome.order.event)
  await editor.chooseOption("Events count since", "the entry into the journey")
  await addAt(welcome.order.branch, "Exit")
  await editor.field("Reason").fill("bought")
  await addAt("time is up", "Split")
  await editor.field("Branch 1").fill(welcome.interest.branch)
  await editor.chooseOption("What is asked", "Has done")
  await editor.field("Event").fill(welcome.interest.event)
  await editor.chooseOption("When", "since the entry")
  await addAt(welcome.interest.branch, "E-mail")
  await writeEmail(editor, welcome.reminder)
  await addAfter(welcome.reminder.name, "Exit")
  await editor.field("Reason").fill("done")
  await addAt("^else", "Exit")
  await editor.field("Reason").fill("cold")
  await expect(async () =>
    expect(shapeOf({ ...(await api.journey("outlined")), key: welcome.key, name: welcome.name })).toEqual(
      welcomeShape,
    ),
  ).toPass()
})

async function writeEmail(
  editor: EditorDriver,
  { name, subject, html }: { name: string; subject: string; html: string },
): Promise<void> {
  await editor.field("Subject").fill(subject)
  await editor.field("Content (HTML)").fill(html)
  await editor.field("Name").fill(name)
}
