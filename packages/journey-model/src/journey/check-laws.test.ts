import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { compile } from "../engine/compile.ts"
import { journeys } from "../testing/arbitraries.ts"
import { welcomeDocument, welcomeJourney } from "../testing/welcome.ts"
import { hasErrors } from "../values/problem.ts"
import { sentenceIds } from "../values/sentence-ids.ts"
import { checkJourney } from "./check.ts"
import type { Journey } from "./document.ts"

describe("laws of the check", () => {
  test("a journey compiles exactly when its check finds no error", () => {
    fc.assert(
      fc.property(journeys, journey => {
        expect(compile(journey).ok).toBe(!hasErrors(checkJourney(journey)))
      }),
    )
  })
  test("every problem is in the list of sentences, with its values", () => {
    const broken = fc.tuple(journeys, fc.nat(), fc.nat()).map(
      ([journey, node, edge]): Journey => ({
        ...journey,
        nodes: journey.nodes.filter((_, index) => index !== node % journey.nodes.length),
        edges: journey.edges.map((found, index) =>
          index === edge % 9 ? { ...found, outcome: "odd" } : found,
        ),
      }),
    )
    fc.assert(
      fc.property(broken, journey => {
        for (const { id, values, text } of checkJourney(journey, { events: {}, attributes: {} })) {
          expect(Object.keys(values)).toEqual(expect.arrayContaining([...(sentenceIds[id] ?? ["?"])]))
          expect(text).not.toMatch(/[{}]/)
        }
      }),
    )
  })
  test("the fixture stays as it is written", () => {
    expect(JSON.stringify(welcomeJourney())).toBe(JSON.stringify(welcomeDocument))
  })
})
