import { expect, test } from "vitest"
import { welcomeDocument, welcomeJourney } from "../testing/welcome.ts"
import { contentHash, printJourney } from "./canonical.ts"
import { parseJourneyText } from "./parse.ts"

test("a canonical document prints as it stands, layout in the order of the nodes", () => {
  expect(printJourney(welcomeJourney())).toBe(`${JSON.stringify(welcomeDocument, undefined, 2)}\n`)
})

test("parse after print is the same journey, print after parse the same text", () => {
  const journey = welcomeJourney()
  const text = printJourney(journey)
  expect(parseJourneyText(text)).toEqual({ ok: true, value: journey, problems: [] })
})

test("the hash looks at meaning only", () => {
  const journey = welcomeJourney()
  const { layout: _, ...bare } = journey
  const same = {
    ...bare,
    name: "Another name",
    description: "…",
    tags: ["x"],
    notes: [{ text: "hi" }],
    nodes: journey.nodes.map(node => ({ ...node, name: "n" })).reverse(),
    edges: [...journey.edges].reverse(),
  }
  expect(contentHash(same)).toBe(contentHash(journey))
  const other = { ...journey, settings: { reentry: { mode: "always" as const } } }
  expect(contentHash(other)).not.toBe(contentHash(journey))
  expect(contentHash(journey)).toMatch(/^[0-9a-f]{64}$/)
})
