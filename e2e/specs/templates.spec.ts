import { createApi } from "../fixtures/api.ts"
import { addressOf } from "../fixtures/routes.ts"
import { expect, signIn, test } from "../fixtures/test.ts"

test.use({ installation: "templates" })

test("a template says what it needs, opens as a draft and can be published", async ({ page, shop }) => {
  await signIn(page, shop)
  await page.goto(addressOf("/w/$workspace/journeys", shop))
  await page.getByRole("button", { name: "New journey" }).click()
  const dialog = page.getByRole("dialog", { name: "New journey" })
  const name = dialog.getByRole("textbox", { name: "Name" })
  await dialog.getByRole("radio", { name: "Abandoned cart" }).click()
  await expect(name).toHaveValue("Abandoned cart")
  const about = dialog.getByRole("region", { name: "About this beginning" })
  await expect(about.getByRole("listitem").filter({ hasText: "Checkout Started" })).toContainText(
    "not seen yet",
  )
  await expect(about.getByRole("listitem").filter({ hasText: "Order Completed" })).toContainText("seen once")
  await expect(about.getByRole("listitem").filter({ hasText: "first_name" })).toContainText("seen")

  // By keyboard to the template before it; the name goes along, one that was typed stays.
  await dialog.getByRole("radio", { name: "Abandoned cart" }).press("ArrowLeft")
  await expect(dialog.getByRole("radio", { name: "Welcome with coupon" })).toBeChecked()
  await expect(name).toHaveValue("Welcome with coupon")
  await name.fill("Hello there")
  await dialog.getByRole("radio", { name: "Abandoned cart" }).click()
  await expect(name).toHaveValue("Hello there")

  await dialog.getByRole("button", { name: "Create and open" }).click()
  await expect(page.getByRole("heading", { level: 1, name: "Hello there" })).toBeVisible()
  await expect(page.getByRole("application", { name: "Journey canvas" })).toContainText("Checkout Started")
  const api = createApi({ url: shop.server.url, key: shop.server.adminKey })
  await expect(api.journey("hello-there")).resolves.toMatchObject({ key: "hello-there", name: "Hello there" })
  const { status } = await api.call("POST", "/journeys/hello-there/publish", {})
  expect(status).toBe(200)
})

test.describe("in an Italian workspace", () => {
  test.use({ locale: "it-IT" })

  test("templates speak Italian", async ({ page, shop }) => {
    await signIn(page, shop)
    const answer = await page.request.post(`${shop.server.url}/api/trpc/workspaces.update`, {
      data: { language: "it" },
      headers: { "x-workspace": shop.workspace },
    })
    expect(answer.ok()).toBe(true)
    await page.goto(addressOf("/w/$workspace/journeys", shop))
    await page.getByRole("button", { name: "Nuovo viaggio" }).click()
    await page.getByRole("radio", { name: "Carrello abbandonato" }).click()
    await page.getByRole("button", { name: "Crea e apri" }).click()
    await expect(page.getByRole("heading", { level: 1, name: "Carrello abbandonato" })).toBeVisible()
  })
})
