import { EditorDriver } from "../drivers/editor-driver.ts"
import { owner, signUp } from "../fixtures/owner.ts"
import { expect, test } from "../fixtures/test.ts"

test.use({ installation: "sample-store" })

test("one click opens a shop whose customers move, and another one stops it", async ({ page, server }) => {
  test.setTimeout(180_000)
  const workspace = await signUp(page.request, server)
  const editor = new EditorDriver(page)

  await test.step("from the empty list to a live journey in a sandbox", async () => {
    await page.goto(`${server.url}/w/${workspace}/journeys`)
    await page.getByRole("button", { name: "Open the sample store" }).click()
    await expect(page.getByRole("heading", { level: 1, name: "Welcome with coupon" })).toBeVisible({
      timeout: 30_000,
    })
    await expect(page.getByText("Live, version 1")).toBeVisible()
    expect(page.url()).not.toContain(workspace)
  })

  await test.step("how many stand at a step changes at least three times within a minute", async () => {
    await editor.button("Live").click()
    const inside = editor.card("Wait for event, First order\\?").getByRole("button", { name: /inside now$/ })
    const seen = new Set<string>()
    await expect
      .poll(
        async () => {
          seen.add(await inside.innerText())
          return seen.size
        },
        { timeout: 60_000, intervals: [250] },
      )
      .toBeGreaterThan(3)
  })

  await test.step("the list says that all this is made up, and stops it", async () => {
    await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Journeys" }).click()
    const note = page.getByRole("region", { name: "The customers here are made up by the sample store" })
    await expect(note).toContainText(/[1-9][\d,]* customers? · [\d,]+ events? so far/)
    await expect(page.getByRole("table", { name: "Journeys" })).toContainText("Abandoned cart")
    await note.getByRole("button", { name: "Stop it" }).click()
    await expect(note).toHaveCount(0)
  })

  await test.step("the real workspace has nothing of it", async () => {
    await page.getByRole("button", { name: /, change$/ }).click()
    await page.getByRole("menuitem", { name: owner.workspace }).click()
    await expect(page.getByRole("heading", { name: "Draw the first journey" })).toBeVisible()
    await page.goto(`${server.url}/w/${workspace}/customers`)
    await expect(page.getByRole("heading", { name: "No customers yet" })).toBeVisible()
  })
})
