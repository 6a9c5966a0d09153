import { readFile } from "node:fs/promises"
import { createApi } from "../fixtures/api.ts"
import { largeFile, smallFile } from "../fixtures/import-file.ts"
import { addressOf } from "../fixtures/routes.ts"
import { expect, signIn, test } from "../fixtures/test.ts"
import { welcome } from "../journeys/welcome.ts"

test.use({ installation: "import" })

const asUpload = ({ name, text }: { name: string; text: string }) => ({
  name,
  mimeType: "text/csv",
  buffer: Buffer.from(text),
})

test("a file comes in by keyboard: columns, dry run, rejects, history", async ({ page, shop }) => {
  await signIn(page, shop)
  const api = createApi({ url: shop.server.url, key: shop.server.adminKey })
  const before = await api.stats(welcome.key)

  await test.step("choose it", async () => {
    await page.goto(addressOf("/w/$workspace/customers", shop))
    await page.getByRole("link", { name: "Import from CSV" }).press("Enter")
    const chooser = page.waitForEvent("filechooser")
    await page.getByRole("button", { name: "Choose a file" }).press("Enter")
    await (await chooser).setFiles(asUpload(smallFile))
    await expect(page.getByRole("heading", { level: 1, name: smallFile.name })).toBeVisible()
  })

  const preview = page.getByRole("table", { name: "The first rows, as they would be read" })
  await test.step("the columns are guessed, and one is changed", async () => {
    const becomes = (column: string) => page.getByRole("combobox", { name: `${column} becomes` })
    await expect(becomes("Codice cliente")).toHaveValue("User id")
    await expect(becomes("E-mail")).toHaveValue("E-mail")
    await expect(page.getByRole("textbox", { name: "Attribute for Cognome" })).toHaveValue("last_name")
    await expect(page.getByRole("combobox", { name: "Type of Data di nascita" })).toHaveValue("date")
    await expect(becomes("Newsletter")).toHaveValue("Consent to marketing e-mail")
    await expect(preview.getByRole("row")).toHaveCount(11)
    await expect(preview.getByRole("row").nth(1)).toContainText("1985-12-10")
    await page.getByRole("textbox", { name: "Attribute for Città" }).fill("home town")
    await expect(preview.getByRole("columnheader", { name: "home town" })).toBeVisible()
  })

  await test.step("without a column that says who it is, nothing can be checked", async () => {
    const check = page.getByRole("button", { name: "Check what would change" })
    for (const column of ["Codice cliente", "E-mail"]) {
      await page.getByRole("combobox", { name: `${column} becomes` }).click()
      await page.getByRole("option", { name: "Leave out" }).click()
    }
    await expect(page.getByText("No column says who a row is about")).toBeVisible()
    await expect(check).toBeDisabled()
    for (const [column, kind] of [
      ["Codice cliente", "User id"],
      ["E-mail", "E-mail"],
    ] as const) {
      await page.getByRole("combobox", { name: `${column} becomes` }).click()
      await page.getByRole("option", { name: kind, exact: true }).click()
    }
    await check.press("Enter")
  })

  const count = (name: string) => page.locator(`[data-count=${name}]`)
  await test.step("the dry run counts and changes nothing", async () => {
    await expect(page.getByRole("heading", { name: "What would change" })).toBeVisible()
    await expect(count("new")).toContainText("9")
    await expect(count("changed")).toContainText("1")
    await expect(count("rejected")).toContainText("2")
    expect((await api.call("GET", "/profiles/c0")).status).toBe(404)
    await expect(page.getByText("“not-an-address” in “E-mail” is no e-mail address.")).toBeVisible()
    const download = page.waitForEvent("download")
    await page.getByRole("link", { name: "Download them" }).click()
    const rejects = await readFile(await (await download).path(), "utf8")
    expect(rejects.trim().split("\n")).toHaveLength(3)
    expect(rejects).toContain("not-an-address")
  })

  await test.step("the import says what it did, and where each value is from", async () => {
    await page.getByRole("button", { name: "Import 10 rows" }).press("Enter")
    await expect(page.getByRole("heading", { name: "What changed" })).toBeVisible()
    await expect(count("new")).toContainText("9")
    await page.goto(addressOf("/w/$workspace/customers/$id", shop))
    const town = page.locator("dl > div").filter({ hasText: "home town" })
    await expect(town).toContainText("Londra")
    await expect(town).toContainText("from an import")
    // Nobody was seen by it: history says what is known, not that somebody came.
    await page.goto(`${addressOf("/w/$workspace/customers", shop)}?search=c0`)
    await expect(page.getByRole("row").filter({ hasText: "c0@example.com" })).not.toContainText("ago")
    await page.goto(`${addressOf("/w/$workspace/customers", shop)}?consent=unsubscribed`)
    await expect(page.getByRole("table", { name: "Customers" }).getByRole("row")).toHaveCount(10)
  })

  await test.step("as history it starts nothing, and again it changes nothing", async () => {
    expect((await api.stats(welcome.key)).totals).toEqual(before.totals)
    await page.goto(addressOf("/w/$workspace/import", shop))
    await page.getByRole("button", { name: "Choose a file" }).waitFor()
    await page.locator("input[type=file]").setInputFiles(asUpload(smallFile))
    await page.getByRole("textbox", { name: "Attribute for Città" }).fill("home town")
    await page.getByRole("button", { name: "Check what would change" }).click()
    await expect(count("unchanged")).toContainText("10")
    await expect(page.getByRole("button", { name: "Import 10 rows" })).toBeVisible()
    await page.goto(addressOf("/w/$workspace/import", shop))
    await expect(page.getByRole("table", { name: "Past imports" })).toContainText("Imported")
  })
})

test("a hundred thousand rows show how far they are, outlive a reload, and can be cancelled", async ({
  page,
  shop,
}) => {
  test.setTimeout(180_000)
  await signIn(page, shop)
  await page.goto(addressOf("/w/$workspace/import", shop))
  await page.locator("input[type=file]").setInputFiles(asUpload(largeFile(100_000)))
  await page.getByRole("button", { name: "Check what would change" }).click({ timeout: 60_000 })
  await expect(page.locator("[data-count=new]")).toContainText("100,000", { timeout: 60_000 })
  await page.getByRole("button", { name: "Import 100,000 rows" }).click()
  await expect(page.getByRole("progressbar", { name: "Importing" })).toBeVisible()
  const rowsDone = async () =>
    Number((await page.getByText(/ of 100,000 rows/).innerText()).split(" ")[0]?.replaceAll(",", ""))
  await expect.poll(rowsDone, { timeout: 30_000 }).toBeGreaterThan(0)
  await page.reload()
  expect(await rowsDone()).toBeGreaterThan(0)
  await page.getByRole("button", { name: "Cancel" }).click()
  await expect(page.getByText(/rows were done before; what they changed stays/)).toBeVisible()
  await expect(page.getByRole("button", { name: "Change the columns" })).toBeVisible()
})

test("what is no table is refused in words", async ({ page, shop }) => {
  await signIn(page, shop)
  await page.goto(addressOf("/w/$workspace/import", shop))
  await page.locator("input[type=file]").setInputFiles(asUpload({ name: "empty.csv", text: "" }))
  await expect(page.getByRole("alert")).toContainText("This is no table")
})
