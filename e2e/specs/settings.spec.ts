import { addressOf } from "../fixtures/routes.ts"
import { expect, signIn, test } from "../fixtures/test.ts"

test.use({ installation: "settings" })

test("what holds for events on their way in is set and stays", async ({ page, shop }) => {
  await signIn(page, shop)
  const settings = `${addressOf("/w/$workspace/settings", shop)}?tab=events`
  await page.goto(settings)
  const intake = page.getByRole("region", { name: "Events on their way in" })
  const late = intake.getByRole("switch", { name: "Events that arrive late still make things happen" })
  const limit = intake.getByRole("textbox", { name: "Events per second" })
  await expect(late).not.toBeChecked()
  await expect(limit).toHaveValue("50,000")
  await late.click()
  await limit.fill("0")
  await intake.getByRole("button", { name: "Save" }).click()
  await expect(intake.getByText("A whole number from 1 to 1,000,000.")).toBeVisible()
  await limit.fill("120")
  await intake.getByRole("button", { name: "Save" }).click()
  await expect(intake.getByRole("button", { name: "Save" })).toBeDisabled()

  const identities = page.getByRole("region", { name: "Who is who" })
  const joins = identities.getByRole("switch", { name: "Phone joins another profile" })
  await joins.click()
  await identities.getByRole("textbox", { name: "Values that name nobody" }).fill("Info@Example.com\n0000")
  await identities.getByRole("button", { name: "Save" }).click()
  await expect(identities.getByRole("alert")).toHaveCount(0)
  await expect(page.getByText("Saved").first()).toBeVisible()

  await page.goto(settings)
  await expect(late).toBeChecked()
  await expect(limit).toHaveValue("120")
  await expect(joins).not.toBeChecked()
  await expect(identities.getByRole("textbox", { name: "Values that name nobody" })).toHaveValue(
    "info@example.com\n0000",
  )
})
