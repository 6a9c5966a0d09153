import type { Page } from "@playwright/test"
import { EditorDriver } from "../drivers/editor-driver.ts"
import { openings } from "../fixtures/openings.ts"
import { addressOf, isOutside, type Route, routes, settled } from "../fixtures/routes.ts"
import { expect, signIn, test } from "../fixtures/test.ts"
import { watchViolations } from "../fixtures/violations.ts"

test.use({ installation: "content-policy" })

// Before the shop is set up: its link shows a form only then.
test("the set-up form keeps to the policy", async ({ page, server }) => {
  const violations = watchViolations(page)
  await page.goto(server.setUpUrl)
  await expect(page.getByRole("button", { name: "Start" })).toBeVisible()
  expect(violations).toEqual([])
})

test("the watch sees what the policy refuses", async ({ page, shop }) => {
  const violations = watchViolations(page)
  await page.goto(`${shop.server.url}/sign-in`)
  await page.evaluate(() => {
    const script = document.createElement("script")
    script.textContent = "window.ran = true"
    document.head.append(script)
  })
  await expect.poll(() => violations.length).toBeGreaterThan(0)
  const seen = violations.length
  // A debugger may evaluate text; what the page does later may not.
  await page.evaluate(() => void setTimeout("window.ran = true", 0))
  await expect.poll(() => violations.length).toBeGreaterThan(seen)
  expect(await page.evaluate(() => "ran" in window)).toBe(false)
})

for (const route of routes) {
  test(`${route} keeps to the policy`, async ({ page, shop }) => {
    const violations = watchViolations(page)
    if (!isOutside(route)) await signIn(page, shop)
    const response = await page.goto(addressOf(route, shop))
    const { "content-security-policy": policy, ...headers } = response?.headers() ?? {}
    expect(policy).toContain("script-src 'self';")
    expect(policy).not.toMatch(/script-src[^;]*unsafe/)
    expect(policy).toContain("frame-ancestors 'none'")
    expect(headers).toMatchObject({
      "x-content-type-options": "nosniff",
      "referrer-policy": "same-origin",
      "x-frame-options": "DENY",
    })
    await settled(page)
    expect(violations).toEqual([])
  })
}

const opened: { name: string; route: Route; act: (page: Page) => Promise<void> }[] = [
  {
    name: "a message in the mailbox",
    route: "/w/$workspace/mailbox",
    act: async page => {
      const frame = page.getByRole("article").locator("iframe")
      await expect(frame).toHaveAttribute("sandbox", "")
      await expect(frame.contentFrame().getByText("WELCOME10")).toBeVisible()
    },
  },
  ...Object.entries(openings).map(([name, act]) => ({
    name,
    route: "/w/$workspace/journeys/$key" as const,
    act,
  })),
  {
    name: "a mail's preview",
    route: "/w/$workspace/journeys/$key",
    act: async page => {
      const editor = new EditorDriver(page)
      await editor.select(editor.card("E-mail, Welcome").first())
      const frame = page.locator("[data-inspector] iframe")
      await expect(frame).toHaveAttribute("sandbox", "")
      await expect(frame.contentFrame().getByText("WELCOME10")).toBeVisible()
    },
  },
  {
    name: "tidying up",
    route: "/w/$workspace/journeys/$key",
    act: async page => {
      await page.getByRole("button", { name: /^Tidy up/ }).click()
      await expect(page.locator("[data-save=saved]")).toBeVisible()
    },
  },
]

for (const { name, route, act } of opened) {
  test(`${name} keeps to the policy`, async ({ page, shop }) => {
    const violations = watchViolations(page)
    await signIn(page, shop)
    await page.goto(addressOf(route, shop))
    await settled(page)
    await act(page)
    expect(violations).toEqual([])
  })
}
