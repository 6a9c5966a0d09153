import { KeyboardDriver } from "../drivers/keyboard-driver.ts"
import { createApi } from "../fixtures/api.ts"
import { signUp } from "../fixtures/owner.ts"
import { expect, test } from "../fixtures/test.ts"
import { shapeOf, welcome, welcomeShape } from "../journeys/welcome.ts"

test.use({ installation: "keyboard" })

test("the welcome journey drawn by keyboard alone is the one that the mouse draws", async ({
  page,
  server,
}) => {
  test.setTimeout(120_000)
  // Whatever a pointer would do is counted; a key on a button makes a click without these.
  await page.addInitScript(() => {
    for (const type of ["mousedown", "pointerdown", "touchstart"]) {
      window.addEventListener(type, () => document.documentElement.setAttribute("data-touched", type), true)
    }
  })
  const workspace = await signUp(page.request, server)
  await page.goto(`${server.url}/w/${workspace}/journeys`)
  const keys = new KeyboardDriver(page)

  await keys.pressButton(page.getByRole("button", { name: "New journey" }).first())
  await expect(page.getByRole("textbox", { name: "Name" })).toBeFocused()
  await keys.type(welcome.name)
  await keys.press("Enter")

  await keys.reach(keys.canvas)
  await keys.walk(["ArrowDown"], "Entry")
  await keys.press("Enter")
  await expect(keys.field("Customers come in at this event")).toBeFocused()
  await keys.type(welcome.entryEvent)

  await test.step("the main way down to the order", async () => {
    await keys.backToCanvas()
    await keys.insert("E-mail")
    await writeEmail(keys, welcome.welcome)
    await keys.backToCanvas()
    await keys.insert("Wait for event")
    await expect(keys.field("Event")).toBeFocused()
    await keys.type(welcome.order.event)
    await keys.fill("Branch 1", welcome.order.branch)
    await keys.choose(keys.field("Events count since"), "the entry into the journey")
    await keys.backToCanvas()
    await keys.insert("Exit")
    await keys.fill("Reason", "bought")
  })

  await test.step("the other way, for those who did not order", async () => {
    await keys.backToCanvas()
    await keys.walk(["ArrowUp"], "Wait for event")
    await keys.insert("Split")
    await keys.fill("Branch 1", welcome.interest.branch)
    await keys.choose(keys.field("What is asked"), "Has done")
    await keys.fill("Event", welcome.interest.event)
    await keys.choose(keys.field("When"), "since the entry")
    await keys.backToCanvas()
    await keys.insert("E-mail")
    await writeEmail(keys, welcome.reminder)
    await keys.backToCanvas()
    await keys.insert("Exit")
    await keys.fill("Reason", "done")
    await keys.backToCanvas()
    await keys.walk(["ArrowUp", "ArrowUp"], "Split")
    await keys.insert("Exit")
    await keys.fill("Reason", "cold")
    await keys.backToCanvas()
  })

  await test.step("a connection taken away and drawn again from a list", async () => {
    await keys.walk(["ArrowUp"], "Split")
    const dialog = page.getByRole("dialog", { name: "Connect" })
    await keys.press("e")
    await keys.choose(dialog.getByLabel("Way out"), "else (leads to Exit)")
    await keys.pressButton(dialog.getByRole("button", { name: "Nowhere: remove this connection" }))
    await expect(keys.canvas).toBeFocused()
    await expect(page.getByText("2 warnings")).toBeVisible()
    await keys.press("ControlOrMeta+z")
    await expect(page.getByText("0 warnings")).toBeVisible()
    await keys.press("ControlOrMeta+Shift+z")
    await expect(page.getByText("2 warnings")).toBeVisible()
    await keys.press("e")
    await expect(dialog).toBeVisible()
    await keys.choose(dialog.getByLabel("Way out"), "else")
    await keys.reach(dialog.getByLabel("Leads to"))
    await keys.type("cold")
    await keys.press("Enter")
    await expect(dialog).toBeHidden()
    await expect(page.getByText("0 warnings")).toBeVisible()
  })

  await expect(page.getByText(/^Saved \d/)).toBeVisible()
  const api = createApi({ url: server.url, key: server.adminKey })
  await expect(async () => expect(shapeOf(await api.journey(welcome.key))).toEqual(welcomeShape)).toPass()

  await keys.press("ControlOrMeta+Enter")
  await expect(page.getByRole("heading", { name: `Publish “${welcome.name}”` })).toBeVisible()
  await keys.pressButton(page.getByRole("main").getByRole("button", { name: "Publish" }))
  await expect(page.getByText("Version 1 is live")).toBeVisible()
  await expect(page.locator("html")).not.toHaveAttribute("data-touched")
})

async function writeEmail(
  keys: KeyboardDriver,
  { name, subject, html }: { name: string; subject: string; html: string },
): Promise<void> {
  await expect(keys.field("Subject")).toBeFocused()
  await keys.type(subject)
  await keys.fill("Content (HTML)", html)
  await keys.fill("Name", name)
}
