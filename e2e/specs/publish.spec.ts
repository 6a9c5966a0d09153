import { EditorDriver } from "../drivers/editor-driver.ts"
import { createApi } from "../fixtures/api.ts"
import { expect, signIn, test } from "../fixtures/test.ts"
import { welcome } from "../journeys/welcome.ts"

test.use({ installation: "publish" })

test("a change is reviewed, published and rolled back; pausing says who is inside", async ({
  page,
  shop,
}) => {
  test.setTimeout(90_000)
  await signIn(page, shop)
  const api = createApi({ url: shop.server.url, key: shop.server.adminKey })
  const journeyPage = `${shop.server.url}/w/${shop.workspace}/journeys/${welcome.key}`
  const editor = new EditorDriver(page)
  await page.goto(journeyPage)
  await editor.select(editor.card("E-mail, Reminder"))
  await editor.field("Subject").fill("Your 10 % is waiting no longer")
  await editor.insertOn({ card: editor.card("E-mail, Welcome"), outcome: "next" }, "Delay")

  const review = page.getByRole("main")
  await test.step("what changes, for whom", async () => {
    await editor.button("Publish").click()
    await expect(review.getByText("1 new step")).toBeVisible()
    await expect(page.locator("[data-picture-node=delay-1][data-mark=added]")).toBeVisible()
    const reminder = page.locator("[data-change=reminder]")
    await expect(reminder.locator("del").first()).toContainText("still")
    await expect(reminder.locator("ins").first()).toContainText("longer")
    await expect(review.getByText("leads by “next” to Delay, no longer to Wait for event.")).toBeVisible()
    const inside = page.getByRole("table")
    await expect(inside.getByRole("row", { name: /Wait for event/ })).toContainText("2")
    await expect(inside.getByRole("row", { name: /All together/ })).toContainText("2")
  })

  await test.step("published", async () => {
    await review.getByLabel("Note").fill("A day of rest")
    await review.getByRole("button", { name: "Publish" }).click()
    await expect(review.getByText("Version 2 is live")).toBeVisible()
    await expect(page.locator("[data-version='2']")).toContainText("A day of rest")
  })

  await test.step("rolled back through the same page", async () => {
    await page.locator("[data-version='1']").getByRole("link", { name: "Roll back to this one" }).click()
    await expect(review.getByText("1 removed")).toBeVisible()
    await review.getByRole("button", { name: "Publish version 1 again" }).click()
    await expect(review.getByText("Version 3 is live")).toBeVisible()
    const { nodes } = await api.journey(welcome.key)
    expect(nodes.map(({ id }) => id)).not.toContain("delay-1")
  })

  await test.step("paused", async () => {
    await page.goto(journeyPage)
    await page.getByRole("button", { name: "Run" }).click()
    await page.getByRole("menuitem", { name: "Pause" }).click()
    const dialog = page.getByRole("dialog", { name: "Pause this journey?" })
    await expect(dialog.getByText("2 customers are inside.")).toBeVisible()
    await dialog.getByRole("button", { name: "Pause" }).click()
    await expect(page.getByText("Paused, version 3")).toBeVisible()
  })
})
