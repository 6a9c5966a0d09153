import { describe, expect, test } from "vitest"
import { compileEmail, renderEmail } from "../content/email.ts"
import { compile } from "../engine/compile.ts"
import { printJourney } from "../journey/canonical.ts"
import { checkJourney } from "../journey/check.ts"
import { parseJourneyText } from "../journey/parse.ts"
import type { EmailConfig } from "../node-types/email/config.ts"
import type { TemplateLanguage } from "./letter.ts"
import type { TemplateNeeds } from "./parts.ts"
import { template, templateIds, templateNeeds } from "./templates.ts"

const languages: readonly TemplateLanguage[] = ["en", "it"]
const all = templateIds.flatMap(id => languages.map(language => ({ id, language })))

const products = [{ name: "Olive oil", quantity: 2, price: 9.5, url: "https://shop.example/oil" }]
const ann = {
  profile: { email: "ann@example.com", first_name: "Rosalind" },
  entry: { name: "E", properties: { products, currency: "EUR", name: "Olive oil" } },
}
const nobody = { profile: {}, entry: { name: "E", properties: {} } }

const mailsOf = (id: (typeof templateIds)[number], language: TemplateLanguage) =>
  template(id, language)
    .nodes.filter(node => node.type === "email")
    .map(node => ({ node: node.id, config: node.config as EmailConfig }))

describe.each(all)("$id in $language", ({ id, language }) => {
  test("compiles without anything to say, where its needs are met", () => {
    const journey = template(id, language)
    const compiled = compile(journey)
    expect(compiled.problems).toEqual([])
    expect(compiled.ok).toBe(true)
    expect(checkJourney(journey, templateNeeds(id))).toEqual([])
  })
  test("is in its text form", () => {
    const journey = template(id, language)
    expect(parseJourneyText(printJourney(journey))).toMatchObject({ ok: true, value: journey })
  })
  test("no two nodes stand in one place", () => {
    const { layout = {}, nodes } = template(id, language)
    expect(new Set(Object.values(layout).map(String)).size).toBe(nodes.length)
  })
  test("its e-mails can be read by somebody known and by somebody of whom nothing is known", () => {
    for (const { config } of mailsOf(id, language)) {
      const compiled = compileEmail(config)
      if (!compiled.ok) throw new Error("cannot be read")
      expect(compiled.value.required).toEqual([])
      for (const values of [ann, nobody]) {
        const { subject, preheader, html, text } = renderEmail(compiled.value, values, {
          unsubscribe: "https://mail.example/unsubscribe",
        })
        expect(subject.length).toBeGreaterThan(5)
        expect(preheader?.length).toBeGreaterThan(10)
        expect(text).toContain("https://mail.example/unsubscribe")
        expect(html.includes("Rosalind")).toBe(values === ann)
        expect(text.length).toBeGreaterThan(150)
        expect(`${subject}${text}`).not.toMatch(/[{}]|\bundefined\b|\bnull\b/)
      }
    }
  })
})

describe.each(templateIds)("%s", id => {
  const without = (needs: TemplateNeeds): { missing: string; left: TemplateNeeds }[] => [
    ...Object.keys(needs.attributes).map(missing => {
      const { [missing]: _, ...attributes } = needs.attributes
      return { missing, left: { ...needs, attributes } }
    }),
    ...Object.keys(needs.events).map(missing => {
      const { [missing]: _, ...events } = needs.events
      return { missing, left: { ...needs, events } }
    }),
    ...Object.entries(needs.events).flatMap(([event, { properties }]) =>
      Object.keys(properties).map(missing => {
        const { [missing]: _, ...rest } = properties
        return { missing, left: { ...needs, events: { ...needs.events, [event]: { properties: rest } } } }
      }),
    ),
  ]
  test("asks for nothing that it does not need", () => {
    for (const { missing, left } of without(templateNeeds(id))) {
      const said = checkJourney(template(id, "en"), left).map(({ text }) => text)
      expect(said.join(" "), missing).toContain(missing)
    }
  })
  test("is the same journey in every language, in other words", () => {
    const [en, it] = languages.map(language => template(id, language))
    expect(it?.edges).toEqual(en?.edges)
    expect(it?.layout).toEqual(en?.layout)
    expect(it?.nodes.map(node => [node.id, node.type])).toEqual(en?.nodes.map(node => [node.id, node.type]))
    const words = (language: TemplateLanguage) => [
      template(id, language).name,
      template(id, language).description,
      ...template(id, language).nodes.map(node => node.name),
      ...mailsOf(id, language).flatMap(({ config }) => [config.subject, config.preheader, config.html]),
    ]
    const italian = new Set(words("it"))
    expect(words("en").filter(word => italian.has(word))).toEqual([])
  })
})
