import type { Page } from "@playwright/test"
import { EditorDriver } from "../drivers/editor-driver.ts"
import { addressOf } from "../fixtures/routes.ts"
import { expect, type Shop, signIn, test } from "../fixtures/test.ts"

test.use({ installation: "people" })

const settings = ({ server, workspace }: Shop, tab: string) =>
  `${server.url}/w/${workspace}/settings?tab=${tab}`
const password = "a viewer's password"

/** Invites over the screens of the owner and answers the link. */
async function invite(page: Page, shop: Shop, email: string, role: string): Promise<string> {
  await page.goto(settings(shop, "members"))
  await page.getByRole("button", { name: "Invite" }).click()
  const dialog = page.getByRole("dialog")
  await dialog.getByLabel("E-mail address").fill(email)
  await dialog.getByRole("radio", { name: role }).check()
  await dialog.getByRole("button", { name: "Create invitation" }).click()
  const link = await dialog.getByRole("textbox", { name: "Link" }).inputValue()
  await dialog.getByRole("button", { name: "Done" }).click()
  return link
}

// Before the shop is set up: there is something to set up only then.
test("a set-up link that is none is told at once", async ({ page, server }) => {
  await page.goto(`${server.url}/setup?token=guess`)
  await expect(page.getByRole("heading", { name: "This set-up link is not valid any more" })).toBeVisible()
  await expect(page.getByLabel("Your name")).toHaveCount(0)
})

test("an invited viewer makes an account, sees everything and is told why nothing can be changed", async ({
  page,
  browser,
  shop,
}) => {
  await signIn(page, shop)
  const link = await invite(page, shop, "vera@example.com", "Viewer")
  await expect(page.getByRole("table", { name: "Invitations" })).toContainText("vera@example.com")

  const context = await browser.newContext()
  const hers = await context.newPage()
  await hers.goto(link)
  await expect(hers.getByRole("heading", { name: "Join Bottega Aurora" })).toBeVisible()
  await hers.getByLabel("Your name").fill("Vera Neri")
  await hers.getByLabel("Password", { exact: true }).fill(password)
  await hers.getByRole("button", { name: "Make the account and join" }).click()
  await expect(hers.getByRole("heading", { level: 1, name: "Journeys" })).toBeVisible()

  const newJourney = hers.getByRole("button", { name: "New journey" })
  await expect(newJourney).toHaveAttribute("aria-disabled", "true")
  await newJourney.hover()
  await expect(hers.getByRole("tooltip")).toHaveText("Only editors and owners of this workspace may do this.")
  await newJourney.click({ force: true })
  await expect(hers.getByRole("dialog")).toHaveCount(0)

  await hers.goto(addressOf("/w/$workspace/journeys/$key", shop))
  const editor = new EditorDriver(hers)
  await editor.select(editor.card("E-mail, Welcome").first())
  await expect(hers.getByText("Read only")).toBeVisible()
  await expect(editor.field("Name")).toBeDisabled()
  await expect(hers.getByRole("button", { name: "Insert a step here" })).toHaveCount(0)
  await hers.getByRole("application", { name: "Journey canvas" }).press("Delete")
  await expect(editor.card("E-mail, Welcome")).toHaveCount(1)
  await expect(hers.getByRole("button", { name: "Publish" })).toHaveAttribute("aria-disabled", "true")

  await hers.getByText("Outline", { exact: true }).click()
  const outline = hers.getByRole("tree", { name: "Outline of the journey" })
  await expect(outline).toContainText("Welcome")
  await expect(outline.getByRole("button", { name: /^(Delete|Connect|Insert)/ })).toHaveCount(0)

  for (const tab of ["general", "sender", "workspaces"]) {
    await hers.goto(settings(shop, tab))
    await expect(hers.getByText("Only owners of this workspace may change this.")).toBeVisible()
    await expect(hers.getByRole("tabpanel").getByRole("textbox").first()).toBeDisabled()
  }
  await hers.goto(settings(shop, "keys"))
  await expect(hers.getByRole("button", { name: "New key" })).toHaveAttribute("aria-disabled", "true")
  await hers.goto(settings(shop, "members"))
  await expect(hers.getByRole("table", { name: "Members" })).toContainText("vera@example.com (you)")
  await expect(hers.getByText("Invitations are for owners")).toBeVisible()

  // The owner makes her an editor, and the doors open at her next look.
  await page.goto(settings(shop, "members"))
  await page.getByRole("combobox", { name: "Role of Vera Neri" }).click()
  await page.getByRole("option", { name: "Editor" }).click()
  await expect(page.getByText("Saved")).toBeVisible()
  await hers.goto(addressOf("/w/$workspace/journeys", shop))
  await expect(newJourney).not.toHaveAttribute("aria-disabled")

  // Removed, she is out.
  await page.getByRole("button", { name: "Remove Vera Neri" }).click()
  await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click()
  await expect(page.getByRole("table", { name: "Members" })).not.toContainText("Vera Neri")
  await hers.goto(addressOf("/w/$workspace/journeys", shop))
  await expect(hers.getByRole("heading", { name: "This page does not exist" })).toBeVisible()

  await hers.goto(shop.server.url)
  await expect(hers.getByRole("heading", { name: "You are in no workspace" })).toBeVisible()

  // A new invitation finds the account that she has, signed in or not.
  const again = await invite(page, shop, "vera@example.com", "Editor")
  await context.clearCookies()
  await hers.goto(again)
  await hers.getByLabel("Password", { exact: true }).fill("not her password")
  await hers.getByRole("button", { name: "Sign in and join" }).click()
  await expect(hers.getByRole("alert")).toContainText("do not match")
  await hers.getByLabel("Password", { exact: true }).fill(password)
  await hers.getByRole("button", { name: "Sign in and join" }).click()
  await expect(hers.getByRole("heading", { level: 1, name: "Journeys" })).toBeVisible()
  await hers.goto(again)
  await expect(hers.getByRole("heading", { name: "This invitation is not valid any more" })).toBeVisible()
  await context.close()
})

test("somebody else's invitation asks to sign out first, and the last owner stays", async ({
  page,
  shop,
}) => {
  await signIn(page, shop)
  const link = await invite(page, shop, "bruno@example.com", "Owner")
  await page.goto(link)
  await expect(page.getByText("You are signed in as aurora@example.com")).toBeVisible()
  await expect(page.getByRole("button", { name: "Sign out and go on" })).toBeVisible()
  await page.goto(settings(shop, "members"))
  await expect(page.getByRole("button", { name: "Leave" })).toBeDisabled()
  await page.getByRole("button", { name: "Take back the invitation of bruno@example.com" }).click()
  await page.goto(link)
  await expect(page.getByRole("heading", { name: "This invitation is not valid any more" })).toBeVisible()
})

test("too many tries say how long to wait", async ({ page, shop }) => {
  await page.goto(`${shop.server.url}/sign-in`)
  await page.getByLabel("E-mail").fill("nobody@example.com")
  await page.getByLabel("Password", { exact: true }).fill("a wrong password")
  const alert = page.getByRole("alert")
  for (let tries = 0; tries < 5; tries++) {
    const answered = page.waitForResponse("**/api/auth/sign-in/email")
    await page.getByRole("button", { name: "Sign in" }).click()
    expect((await answered).status()).toBe(401)
    await expect(alert).toContainText("do not match")
  }
  await page.getByRole("button", { name: "Sign in" }).click()
  await expect(alert).toHaveText(/^Too many tries\. Wait 1[0-5] seconds, then try again\.$/)
})

test("one's own account: sessions and password", async ({ page, shop }) => {
  await signIn(page, shop)
  await page.goto(settings(shop, "account"))
  const sessions = page.getByRole("table", { name: "Where you are signed in" })
  await expect(sessions).toContainText("here")
  await page.getByLabel("Present password").fill("not the present one")
  await page.getByLabel("New password").fill("another long password")
  await page.getByRole("button", { name: "Change password" }).click()
  await expect(page.getByText("This is not your present password.")).toBeVisible()
})
