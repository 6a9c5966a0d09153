import type { Page } from "@playwright/test"
import { Analytics } from "@segment/analytics-node"
import { AccountDriver } from "../drivers/account-driver.ts"
import { drawWelcome } from "../drivers/draw-welcome.ts"
import { EditorDriver } from "../drivers/editor-driver.ts"
import { WalkDriver } from "../drivers/walk-driver.ts"
import { createApi } from "../fixtures/api.ts"
import { owner } from "../fixtures/owner.ts"
import { layWire, type Wire } from "../fixtures/wire.ts"
import { expect, test as withMail } from "../fixtures/with-mail.ts"
import { shapeOf, welcome, welcomeShape } from "../journeys/welcome.ts"

const test = withMail.extend<{ wire: Wire }>({
  wire: async ({ server }, use) => {
    const wire = await layWire(server.url)
    await use(wire)
    await wire.stop()
  },
})

const sender = { name: "Bottega Aurora", email: "ciao@aurora.example" }

test("from an empty server to a delivered message, seen live", async ({ page, server, mailServer, wire }) => {
  test.setTimeout(120_000)
  const account = new AccountDriver(page)
  const editor = new EditorDriver(page)
  const api = createApi({ url: server.url, key: server.adminKey })
  const figures = page.locator("[data-live-bar]")

  await test.step("set up by the link of the first start", async () => {
    await account.setUp(server.setUpUrl.replace(server.url, wire.url), owner)
  })

  const writeKey = await test.step("name the sender and make a write key", async () => {
    await account.go("Settings")
    await account.setSender(sender)
    return account.newWriteKey("Web shop")
  })

  await test.step("draw the welcome journey with the mouse", async () => {
    await account.go("Journeys")
    await account.newJourney(welcome.name)
    await drawWelcome(editor)
    await expect(page.getByText("0 errors")).toBeVisible()
    await expect(async () => expect(shapeOf(await api.journey(welcome.key))).toEqual(welcomeShape)).toPass()
  })

  await test.step("break it twice and mend it", async () => {
    await breakAndMend(page, editor)
    await editor.saved()
    await expect(async () => expect(shapeOf(await api.journey(welcome.key))).toEqual(welcomeShape)).toPass()
  })

  await test.step("walk it for a made-up customer", async () => {
    await walkIt(page, editor)
  })

  await test.step("publish", async () => {
    await editor.button("Publish").click()
    const review = page.getByRole("main")
    await review.getByLabel("Note").fill("The first one")
    await review.getByRole("button", { name: "Publish" }).click()
    await expect(review.getByText("Version 1 is live")).toBeVisible()
    await review.getByRole("link", { name: "Back to the editor" }).last().click()
    await expect(page.getByText("Live, version 1")).toBeVisible()
  })

  const analytics = new Analytics({ writeKey, host: server.url, flushAt: 20 })
  const failures: unknown[] = []
  analytics.on("error", failure => failures.push(failure))
  const signUpAs = (userId: string, first_name: string) => {
    analytics.identify({
      userId,
      traits: { email: `${userId}@example.com`, first_name, last_name: "Hopper" },
    })
    analytics.track({ userId, event: welcome.entryEvent, properties: { plan: "free" } })
  }

  await test.step("events of the Segment client show on the canvas, which is not loaded again", async () => {
    await editor.button("Live").click()
    await expect(figures).toContainText("Entered 0")
    await page.evaluate(() => document.documentElement.setAttribute("data-not-reloaded", ""))
    signUpAs("grace", "Grace")
    signUpAs("ada", "Ada")
    analytics.track({ userId: "nobody", event: welcome.entryEvent })
    await analytics.flush()
    await expect(figures).toContainText("Entered 3")
    await expect(figures).toContainText("Inside now 3")
    await expect(editor.card("Wait for event").locator("[data-live-chip]")).toContainText("3 in")
    await expect(
      editor.card("E-mail, Welcome").getByRole("button", { name: "2 messages sent" }),
    ).toBeVisible()
  })

  const unsubscribe = await test.step("read the mail at the mail server", async () => {
    const { envelope, mail } = await mailServer.mail("grace@example.com", "Welcome, Grace")
    expect(envelope).toEqual({ from: sender.email, to: ["grace@example.com"] })
    expect(mail.from).toMatchObject({ address: sender.email, name: sender.name })
    expect(mail.messageId).toMatch(/^<[^<>@\s]+@[^<>@\s]+>$/)
    expect(mail.html).toContain("10 % off your first order: <b>WELCOME10</b>")
    expect(mail.text).toContain("WELCOME10")
    const [, link = ""] = /href="([^"]+)">Unsubscribe/.exec(mail.html ?? "") ?? []
    expect(link).toMatch(new RegExp(`^${server.url}/unsubscribe/`))
    const other = await mailServer.mail("ada@example.com", "Welcome, Ada")
    expect(other.mail.messageId).not.toBe(mail.messageId)
    expect(mailServer.count()).toBe(2)
    return link
  })

  await test.step("a lost connection heals, and what happened meanwhile is counted", async () => {
    await wire.cut()
    await expect(figures).toContainText("No connection")
    signUpAs("katherine", "Katherine")
    analytics.track({ userId: "grace", event: welcome.order.event, properties: { total: 42.5 } })
    await analytics.flush()
    await expect(async () =>
      expect((await api.stats(welcome.key)).totals.ended).toEqual({ bought: 1 }),
    ).toPass()
    await expect(figures).toContainText("Entered 3")
    await wire.mend()
    await expect(figures).toContainText("Entered 4", { timeout: 20_000 })
    await expect(figures).toContainText("Inside now 3")
    await expect(figures).toContainText("Ended 1")
    await expect(figures).not.toContainText("No connection")
    await expect(page.locator("html")).toHaveAttribute("data-not-reloaded", "")
    const { totals } = await api.stats(welcome.key)
    expect(totals).toMatchObject({ entered: 4, inside: 3, ended: { bought: 1 } })
  })

  await test.step("the customer's profile and timeline, and the mailbox", async () => {
    await account.go("Customers")
    await page.getByRole("link", { name: "Grace Hopper" }).click()
    await expect(page.getByRole("heading", { level: 1, name: "Grace Hopper" })).toBeVisible()
    await expect(page.getByText("Not inside any journey at the moment.")).toBeVisible()
    await expect(page.getByText("grace@example.com").first()).toBeVisible()
    const timeline = page.getByRole("region", { name: "Timeline" }).or(page.locator("ol")).first()
    for (const text of [welcome.entryEvent, welcome.order.event, "Welcome, Grace", /Ended at .*: bought/])
      await expect(timeline.getByText(text).first()).toBeVisible()
    await timeline.getByText("Welcome, Grace").first().click()
    await page.getByRole("link", { name: "Read it in the mailbox" }).click()
    const message = page.getByRole("article", { name: "Message: Welcome, Grace" })
    await expect(message.getByText("Sent")).toBeVisible()
    await expect(message.frameLocator("iframe").getByText("WELCOME10")).toBeVisible()
  })

  await test.step("the mail's link unsubscribes", async () => {
    await page.goto(unsubscribe)
    await page.getByRole("button", { name: "Unsubscribe me" }).click()
    await expect(page.getByText("You will get no more marketing e-mail")).toBeVisible()
    await expect(async () => {
      const { attributes } = await api.ask<{ attributes: object }>("GET", "/profiles/grace")
      expect(attributes).toMatchObject({ unsubscribed: true })
    }).toPass()
  })

  await analytics.closeAndFlush()
  expect(failures).toEqual([])
})

/** A connection cut and a subject emptied: both are told where they are, stop the publishing, and are undone. */
async function breakAndMend(page: Page, editor: EditorDriver): Promise<void> {
  const entry = editor.card("Entry")
  const problems = page.getByRole("region", { name: "Problems" })
  await editor.selectConnection({ card: entry, outcome: "next" })
  await page.keyboard.press("Delete")
  await page.getByRole("button", { name: /^\d+ errors? / }).click()
  await expect(problems.getByText("Customers who leave by “next” end here")).toBeVisible()
  await expect(entry).toHaveAccessibleName(/1 error/)
  await expectRefused(page, editor)
  await editor.button(/^Undo: disconnect/).click()
  await expect(page.getByText("0 errors")).toBeVisible()

  await editor.select(editor.card("E-mail, Reminder"))
  await editor.field("Subject").fill("")
  await expect(editor.inspector.getByText("The e-mail has no subject.").first()).toBeVisible()
  await page.getByRole("button", { name: /^\d+ errors? / }).click()
  await problems.getByRole("button", { name: "The e-mail has no subject." }).click()
  await expect(editor.field("Subject")).toBeFocused()
  await expectRefused(page, editor)
  await editor.button(/^Undo: change Reminder/).click()
  await editor.select(editor.card("E-mail, Reminder"))
  await expect(editor.field("Subject")).toHaveValue(welcome.reminder.subject)
}

/** The page says what is wrong and has no way on; what was done can still be undone after coming back. */
async function expectRefused(page: Page, editor: EditorDriver): Promise<void> {
  await editor.button("Publish").click()
  const review = page.getByRole("main")
  await expect(review.getByText("One error must be mended first.")).toBeVisible()
  await expect(review.getByRole("button", { name: "Publish" })).toBeDisabled()
  await review.getByRole("link", { name: "Back to the editor" }).click()
  await expect(editor.canvas).toBeVisible()
}

/** Two lives: one who looks around and is reminded after three days, one who orders. */
async function walkIt(page: Page, editor: EditorDriver): Promise<void> {
  const walk = new WalkDriver(page)
  const requests: string[] = []
  await editor.openWalk()
  await expect(walk.panel.getByText("Nothing can be sent from here")).toBeVisible()
  await walk.setAttribute("first_name", "Marta")
  await walk.press("Start")
  page.on("request", request => {
    if (request.method() === "POST") requests.push(request.url())
  })
  await walk.stepUntil("Welcome: message to ada@example.com")
  await expect(walk.message(0).box).toContainText("Welcome, Marta")
  await expect(walk.message(0).content.getByText("WELCOME10")).toBeVisible()
  await walk.stepUntil("Wait for event: waits until")
  await walk.send(welcome.interest.event)
  await expect(walk.log.getByText(`Event ${welcome.interest.event}`)).toBeVisible()
  await walk.press("Next happening")
  await expect(walk.log.getByText("Split: goes on by “Has looked around”")).toBeVisible()
  await expect(walk.message(1).box).toContainText(welcome.reminder.subject)
  await expect(walk.log.getByText("leaves the journey (done)")).toBeVisible()

  await walk.press("Start again")
  await walk.press("Start")
  await walk.stepUntil("Wait for event: waits until")
  await walk.send(welcome.order.event)
  await expect(walk.log.getByText("leaves the journey (bought)")).toBeVisible()
  expect(requests).toEqual([])
  await walk.press("End the walk")
}
