import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { journeys, properties } from "../testing/arbitraries.ts"
import { dayMs, hourMs } from "../testing/moment.ts"
import { programOf, Store, start } from "../testing/store.ts"
import { compile } from "./compile.ts"
import type { CustomerStimulus, CustomerTurn } from "./customer.ts"

type Happening = { after: number; name: string; payload: object }

const lives = fc.record({
  journey: journeys.filter(journey => compile(journey).ok),
  happenings: fc.array(
    fc.record({
      after: fc.constantFrom(0, 1, hourMs, dayMs, 3 * dayMs),
      name: fc.constantFrom("Order", "View", "Login"),
      payload: properties,
    }),
    { maxLength: 10 },
  ),
  email: fc.boolean(),
})

const stimuliOf = (happenings: readonly Happening[]): CustomerStimulus[] => {
  let at = start
  return happenings.map(({ after, name, payload }, index) => {
    at += after
    const event = { name, at, properties: payload as Record<string, never>, messageId: `m${index}` }
    return { kind: "event", event, receivedAt: at }
  })
}

const told = (turns: readonly CustomerTurn[]) => ({
  steps: turns.flatMap(turn => turn.steps),
  effects: turns.flatMap(turn => turn.effects),
  notAdmitted: turns.flatMap(turn => turn.notAdmitted),
  customer: turns.at(-1)?.customer,
})

describe("laws of the fold", () => {
  test("however a life is cut into batches, it is the same life, and every count adds up", () => {
    fc.assert(
      fc.property(
        lives,
        fc.array(fc.boolean(), { minLength: 10, maxLength: 10 }),
        ({ journey, happenings, email }, cuts) => {
          const stimuli = stimuliOf(happenings)
          const end = start + 800 * dayMs
          const program = programOf(journey)
          const live = (batches: CustomerStimulus[][], early: boolean) => {
            const store = new Store([{ id: 1, program, state: "running", admits: true }])
            store.identify("ann", email ? { email: "ann@example.com", a: "x" } : { a: 1 }, start)
            for (const batch of batches) {
              const [first] = batch
              const next = first?.kind === "event" ? first.event.at : start
              if (early) store.passTo("ann", next - 1)
              store.fold("ann", batch)
            }
            store.passTo("ann", end)
            return store
          }
          const whole = live([stimuli], false)
          const pieces: CustomerStimulus[][] = []
          for (const [index, stimulus] of stimuli.entries()) {
            if (cuts[index] || pieces.length === 0) pieces.push([stimulus])
            else pieces.at(-1)?.push(stimulus)
          }
          const expected = told(whole.turns)
          expect(told(live(pieces, false).turns)).toEqual(expected)
          expect(told(live(pieces, true).turns)).toEqual(expected)
          expect(told(live([stimuli], false).turns)).toEqual(expected)
          expect(live(pieces, true).stats).toEqual(whole.stats)
        },
      ),
    )
  })
  test("steps of an enrollment are visits without a gap, and its times never go back", () => {
    fc.assert(
      fc.property(lives, ({ journey, happenings }) => {
        const store = Store.of(journey)
        store.fold("ann", stimuliOf(happenings))
        store.passTo("ann", start + 800 * dayMs)
        const last = new Map<string, { visit: number; leftAt: number }>()
        for (const { step } of store.turns.flatMap(turn => turn.steps)) {
          const before = last.get(step.enrollment)
          expect(step.visit).toBe((before?.visit ?? 0) + 1)
          expect(step.arrivedAt).toBe(before?.leftAt ?? step.arrivedAt)
          expect(step.leftAt).toBeGreaterThanOrEqual(step.arrivedAt)
          expect([step.outcome, step.ended].filter(part => part !== undefined)).toHaveLength(1)
          last.set(step.enrollment, step)
        }
        const ids = store.turns.flatMap(turn => turn.effects.map(found => found.effect.id))
        expect(new Set(ids).size).toBe(ids.length)
      }),
    )
  })
})
