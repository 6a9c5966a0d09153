import AxeBuilder from "@axe-core/playwright"
import type { Page } from "@playwright/test"
import { EditorDriver } from "../drivers/editor-driver.ts"
import { faintTexts } from "../fixtures/contrast.ts"
import { openings } from "../fixtures/openings.ts"
import { addressOf, isOutside, routes, settled } from "../fixtures/routes.ts"
import { expect, signIn, test } from "../fixtures/test.ts"

test.use({ installation: "accessibility" })

const schemes = ["light", "dark"] as const

/** Inherited colours change by transitions that begin one after another, level by level, short as each is. */
const allColoursChanged = (page: Page): Promise<void> =>
  page.evaluate(async () => {
    for (let still = 0; still < 3; ) {
      await new Promise(requestAnimationFrame)
      still = document.getAnimations().some(({ playState }) => playState === "running") ? 0 : still + 1
    }
  })

/** Looks at the page as it stands, in light and in dark: nothing may be worse than moderate. */
async function expectAccessible(page: Page): Promise<void> {
  for (const colorScheme of schemes) {
    await page.emulateMedia({ colorScheme })
    await expect(page.locator("html")).toHaveAttribute("data-mantine-color-scheme", colorScheme)
    await allColoursChanged(page)
    // axe waits for ever for an answer out of a frame that may run no scripts, as those of messages may not.
    const { violations } = await new AxeBuilder({ page }).exclude("iframe").analyze()
    const findings = violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .flatMap(({ id, nodes }) =>
        nodes.map(node => `${id} at ${node.target.join(" ")}: ${node.failureSummary}`),
      )
    expect(findings, colorScheme).toEqual([])
    expect(await faintTexts(page), colorScheme).toEqual([])
  }
}

// Before the shop is set up: its link shows a form only then.
test("/setup, the link opened", async ({ page, server }) => {
  await page.goto(server.setUpUrl)
  await expect(page.getByRole("button", { name: "Start" })).toBeVisible()
  await expectAccessible(page)
  await page.goto(`${server.url}/setup`)
  await settled(page)
  await expectAccessible(page)
})

for (const route of routes) {
  test(route, async ({ page, shop }) => {
    if (!isOutside(route)) await signIn(page, shop)
    await page.goto(addressOf(route, shop))
    await settled(page)
    await expectAccessible(page)
  })
}

for (const place of ["journeys", "customers", "import", "mailbox"]) {
  test(`${place}, with nothing there yet`, async ({ page, shop }) => {
    const { server, workspace } = shop
    await signIn(page, shop)
    const answer = await page.request.post(`${server.url}/api/trpc/workspaces.create`, {
      data: { name: "Empty", zone: "Europe/Rome", language: "en", sandbox: false },
      headers: { "x-workspace": workspace },
    })
    const { result } = (await answer.json()) as { result: { data: { id: string } } }
    await page.goto(`${server.url}/w/${result.data.id}/${place}`)
    await settled(page)
    await expectAccessible(page)
  })
}

test("an invitation, for somebody new", async ({ page, shop }) => {
  const { server, workspace } = shop
  await signIn(page, shop)
  const answer = await page.request.post(`${server.url}/api/trpc/invitations.create`, {
    data: { email: "nina@example.com", role: "editor" },
    headers: { "x-workspace": workspace },
  })
  const { result } = (await answer.json()) as { result: { data: { link: string } } }
  await page.context().clearCookies()
  await page.goto(result.data.link)
  await expect(page.getByLabel("Your name")).toBeVisible()
  await expectAccessible(page)
})

/** What opens on the pages: each step leaves the page in a state that is looked at. */
const opened: {
  name: string
  route: (typeof routes)[number]
  search?: string
  act: (page: Page) => Promise<void>
}[] = [
  ...["sender", "suppressions", "members", "keys", "events", "webhooks", "workspaces", "account"].map(
    tab => ({
      name: `settings, ${tab}`,
      route: "/w/$workspace/settings" as const,
      search: `?tab=${tab}`,
      act: async (page: Page) => settled(page),
    }),
  ),
  {
    name: "new journey",
    route: "/w/$workspace/journeys",
    act: async page => {
      await page.getByRole("button", { name: "New journey" }).click()
      await expect(page.getByRole("dialog", { name: "New journey" })).toBeVisible()
      await page.getByRole("radio", { name: "Win-back" }).click()
      await expect(page.getByText("Events that it needs")).toBeVisible()
    },
  },
  ...["Entry", "E-mail, Welcome", "Wait for event", "Split", "Exit"].map(card => ({
    name: `the form of ${card}`,
    route: "/w/$workspace/journeys/$key" as const,
    act: async (page: Page) => {
      const editor = new EditorDriver(page)
      await editor.select(editor.card(card).first())
      await expect(editor.field("Name")).toBeVisible()
    },
  })),
  ...Object.entries(openings).map(([name, act]) => ({
    name,
    route: "/w/$workspace/journeys/$key" as const,
    act,
  })),
  {
    name: "the outline",
    route: "/w/$workspace/journeys/$key",
    act: async page => {
      await page.getByText("Outline", { exact: true }).click()
      await page.getByRole("treeitem", { name: /Welcome/ }).click()
      await expect(page.getByRole("tree", { name: "Outline of the journey" })).toBeVisible()
    },
  },
  {
    name: "the customers behind a number",
    route: "/w/$workspace/journeys/$key",
    act: async page => {
      await page.getByRole("button", { name: "Live", exact: true }).click()
      const editor = new EditorDriver(page)
      await editor.select(editor.card("E-mail, Welcome"))
      await editor.inspector.getByRole("button", { name: "3 went on by “next”" }).click()
      await expect(page.getByRole("dialog").getByRole("listitem")).toHaveCount(3)
    },
  },
  {
    name: "an e-mail as its reader sees it",
    route: "/w/$workspace/journeys/$key",
    act: async page => {
      const editor = new EditorDriver(page)
      await editor.select(editor.card("E-mail, Welcome"))
      await editor.inspector.getByRole("button", { name: "See it as its reader" }).click()
      await page.getByRole("dialog").getByText("Plain text").click()
    },
  },
  {
    name: "the targets of a connection",
    route: "/w/$workspace/journeys/$key",
    act: async page => {
      const editor = new EditorDriver(page)
      await editor.select(editor.card("Wait for event"))
      await page.getByRole("application", { name: "Journey canvas" }).press("e")
      await expect(page.getByRole("dialog")).toBeVisible()
    },
  },
  {
    name: "the command palette",
    route: "/w/$workspace/journeys/$key",
    act: async page => {
      await page.keyboard.press("ControlOrMeta+k")
      await expect(page.getByRole("dialog", { name: "Steps, actions and journeys" })).toBeVisible()
    },
  },
  {
    name: "find, and the problems",
    route: "/w/$workspace/journeys/$key",
    act: async page => {
      await page.keyboard.press("ControlOrMeta+Shift+m")
      await page.keyboard.press("ControlOrMeta+f")
      await page.keyboard.type("remind")
      await expect(page.getByText("1 of 1")).toBeVisible()
    },
  },
  {
    name: "the step picker",
    route: "/w/$workspace/journeys/$key",
    act: async page => {
      await page.getByRole("button", { name: "Insert a step here" }).first().click()
      await expect(page.getByRole("dialog", { name: "Choose a step" })).toBeVisible()
    },
  },
  {
    name: "the list of keys",
    route: "/w/$workspace/journeys/$key",
    act: async page => {
      await page.getByRole("application", { name: "Journey canvas" }).focus()
      await page.keyboard.press("?")
      await expect(page.getByRole("dialog", { name: "Keyboard" })).toBeVisible()
    },
  },
]

for (const { name, route, search = "", act } of opened) {
  test(name, async ({ page, shop }) => {
    await signIn(page, shop)
    await page.goto(addressOf(route, shop) + search)
    await settled(page)
    await act(page)
    await expectAccessible(page)
  })
}
