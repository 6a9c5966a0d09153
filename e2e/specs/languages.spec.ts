import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import type { Page } from "@playwright/test"
import { smallFile } from "../fixtures/import-file.ts"
import { root } from "../fixtures/root.ts"
import { addressOf, isOutside, routes, settled } from "../fixtures/routes.ts"
import { expect, signIn, test } from "../fixtures/test.ts"
import { welcome } from "../journeys/welcome.ts"

test.use({ installation: "languages", locale: "it-IT" })

// Before the shop is set up: its link shows a form only then.
test("the set-up form speaks Italian, and English once it is chosen there", async ({ page, server }) => {
  await page.goto(server.setUpUrl)
  await expect(page.getByRole("button", { name: "Inizia" })).toBeVisible()
  await expectItalian(page)
  await page.getByRole("combobox", { name: "Lingua" }).click()
  await page.getByRole("option", { name: "English" }).click()
  await expect(page.getByRole("button", { name: "Start" })).toBeVisible()
  await expect(page.locator("html")).toHaveAttribute("lang", "en")
})

for (const route of routes) {
  test(`${route} speaks Italian to an Italian browser`, async ({ page, shop }) => {
    if (!isOutside(route)) await signIn(page, shop)
    await page.goto(addressOf(route, shop))
    await settled(page)
    await expectItalian(page)
  })
}

test("another language is chosen in the menu and stays", async ({ page, shop }) => {
  await signIn(page, shop)
  await page.goto(`${shop.server.url}/w/${shop.workspace}/journeys`)
  await expect(page.getByRole("heading", { level: 1, name: "Viaggi" })).toBeVisible()
  await page.getByRole("button", { name: /lingua/ }).click()
  await page.getByRole("menuitemradio", { name: "English" }).click()
  await expect(page.getByRole("heading", { level: 1, name: "Journeys" })).toBeVisible()
  await expect(page.locator("html")).toHaveAttribute("lang", "en")
  await page.reload()
  await expect(page.getByRole("heading", { level: 1, name: "Journeys" })).toBeVisible()
})

async function expectItalian(page: Page): Promise<void> {
  await expect(page.locator("html")).toHaveAttribute("lang", "it")
  // An address that leads on elsewhere has little to say until the other page is there.
  await expect.poll(async () => (await textsOf(page)).length).toBeGreaterThan(3)
  const texts = await textsOf(page)
  expect(texts.filter(isKey), "keys that nobody has put into words").toEqual([])
  expect(texts.filter(isEnglish), "words of the English catalogue").toEqual([])
}

/** Every text that a person sees or hears on the page. */
function textsOf(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const texts = new Set<string>()
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node; node = walker.nextNode())
      texts.add(node.textContent?.trim() ?? "")
    for (const element of document.querySelectorAll("[aria-label], [title], [placeholder], [alt]"))
      for (const name of ["aria-label", "title", "placeholder", "alt"])
        texts.add(element.getAttribute(name)?.trim() ?? "")
    texts.add(document.title)
    texts.delete("")
    return [...texts]
  })
}

/** i18next shows the key where it has no words: `columns.name`, `journeys:title`. */
const isKey = (text: string): boolean =>
  (/^[a-z][\w-]*([.:][\w-]+)+$/i.test(text) && !given.has(text)) || text.includes("returned an object")

const english = wordsOf("en")
const italian = new Set(wordsOf("it"))
// What people have named: a journey, a file.
const given = new Set<string>([welcome.name, smallFile.name])
// The menu offers each language in its own words.
const alsoItalian = new Set([...given, "English"])

const isEnglish = (text: string): boolean =>
  english.includes(text) && !italian.has(text) && !alsoItalian.has(text)

/** All texts of one language's catalogues. */
function wordsOf(language: string): string[] {
  const source = join(root, "apps/web/src")
  const leaves = (value: unknown): string[] =>
    typeof value === "string" ? [value] : Object.values(value as object).flatMap(leaves)
  return readdirSync(source, { withFileTypes: true })
    .filter(entry => entry.isDirectory())
    .map(({ name }) => join(source, name, `messages.${language}.json`))
    .flatMap(path => {
      try {
        return leaves(JSON.parse(readFileSync(path, "utf8")))
      } catch {
        return []
      }
    })
}
