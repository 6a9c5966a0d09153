import { addressOf } from "../fixtures/routes.ts"
import { expect, signIn, test } from "../fixtures/test.ts"

test.use({ installation: "status" })

test("the rail leads to what runs, and a database that is away is said until it is back", async ({
  page,
  shop,
}) => {
  await signIn(page, shop)
  await page.goto(addressOf("/w/$workspace/journeys", shop))
  await page.getByRole("navigation").getByRole("link", { name: "Status" }).click()
  await expect(page.getByRole("heading", { level: 1, name: "Status" })).toBeVisible()
  await expect(page.getByRole("heading", { name: "Everything runs" })).toBeVisible()
  await expect(page.getByText("32 of 32 buckets")).toBeVisible()
  await expect(page.getByRole("row").filter({ hasText: "0.1.0+" })).toContainText("32")

  const trouble = { status: "not ready", reason: "database-away", detail: "ECONNREFUSED" }
  const since = "2026-11-21T18:44:00.000Z"
  await page.route("**/readyz", route => route.fulfill({ status: 503, json: { ...trouble, since } }))
  await page.route("**/api/trpc/**", route => route.fulfill({ status: 500, json: [] }))
  const note = page.getByRole("alert").filter({ hasText: "The database does not answer" })
  await expect(note).toContainText("since 21 Nov 2026, 19:44")
  await expect(note).toContainText("ECONNREFUSED")
  await expect(page.getByText("32 of 32 buckets")).toBeVisible()

  // Whoever comes only now is told the same, and sees the page when the database is back.
  await page.reload()
  await expect(page.getByRole("heading", { name: "The database does not answer" })).toBeVisible()
  await page.unroute("**/api/trpc/**")
  await page.unroute("**/readyz")
  await expect(page.getByRole("heading", { name: "Everything runs" })).toBeVisible({ timeout: 15_000 })
})
