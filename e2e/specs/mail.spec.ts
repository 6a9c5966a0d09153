import { createApi } from "../fixtures/api.ts"
import { signUp } from "../fixtures/owner.ts"
import { send, welcomeDocument } from "../fixtures/seed.ts"
import { expect, test } from "../fixtures/with-mail.ts"
import { welcome } from "../journeys/welcome.ts"

test("a message to a wrong address is mended, sent again once, and the address stays off", async ({
  page,
  server,
  mailServer,
}) => {
  const workspace = await signUp(page.request, server)
  const api = createApi({ url: server.url, key: server.adminKey })
  const at = (path: string) => `${server.url}/w/${workspace}${path}`
  mailServer.unknown.add("ada@exmaple.com")
  await api.ask("PUT", `/journeys/${welcome.key}`, welcomeDocument)
  await api.ask("POST", `/journeys/${welcome.key}/publish`, {})
  await send(server.url, server.adminKey, [
    {
      type: "identify",
      userId: "ada",
      messageId: "i",
      traits: { email: "ada@exmaple.com", first_name: "Ada" },
    },
    { type: "track", userId: "ada", messageId: "t", event: welcome.entryEvent, properties: {} },
  ])

  await test.step("the refused message says why", async () => {
    await page.goto(at("/mailbox?state=refused"))
    const message = page.getByRole("article")
    await expect(message.getByText("There is no such address")).toBeVisible({ timeout: 20_000 })
    await expect(message.getByText("5.1.1 User unknown")).toBeVisible()
    await expect(message.getByText("Bounced")).toBeVisible()
  })

  await test.step("the wrong address is on the list, and is not written to again", async () => {
    await page.getByRole("button", { name: "Mend and send again" }).click()
    const dialog = page.getByRole("dialog", { name: "Send this message again" })
    await dialog.getByRole("button", { name: "Send again" }).click()
    await expect(dialog.getByText("on the suppression list")).toBeVisible()
    await dialog.getByLabel("To").fill("ada@example.com")
    await dialog.getByRole("button", { name: "Send again" }).click()
    await expect(dialog).toHaveCount(0)
  })

  const { mail } = await mailServer.mail("ada@example.com", "Welcome, Ada")
  expect(mail.headers.find(({ key }) => key === "list-unsubscribe")?.value).toContain("/unsubscribe/")

  await test.step("it can be sent again once only", async () => {
    await page.goto(at("/mailbox"))
    await expect(page.getByText("Sent again by hand:")).toBeVisible()
    await expect(page.getByRole("button", { name: "Mend and send again" })).toHaveCount(0)
  })

  await test.step("the profile says since when and why; an editor takes the address off", async () => {
    await page.goto(at("/customers/ada"))
    const consent = page.getByRole("region", { name: "E-mail" })
    await expect(consent.getByText("Gets no e-mail")).toBeVisible()
    await expect(consent.getByText("Bounced")).toBeVisible()
    await consent.getByRole("button", { name: "Take ada@exmaple.com off the suppression list" }).click()
    await page.getByRole("dialog").getByRole("button", { name: "Take off" }).click()
    await expect(consent.getByText("Gets e-mail")).toBeVisible()
  })

  await test.step("the list takes an address by hand, and finds it", async () => {
    await page.goto(at("/settings?tab=suppressions"))
    await expect(page.getByText("Nobody is on the list")).toBeVisible()
    await page.getByRole("button", { name: "Add an address" }).click()
    const dialog = page.getByRole("dialog", { name: "Add an address" })
    await dialog.getByLabel("Address").fill("Boss@Example.com")
    await dialog.getByRole("button", { name: "Add", exact: true }).click()
    const table = page.getByRole("table", { name: "Suppression list" })
    await expect(table).toContainText("boss@example.com")
    await expect(table).toContainText("By hand")
    await page.getByRole("searchbox").fill("nobody")
    await expect(page.getByText("No such address")).toBeVisible()
  })
})
