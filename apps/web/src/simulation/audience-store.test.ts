import {
  type AudienceSpec,
  assertConserved,
  compile,
  eventShapes,
  madeUpPeople,
  ordinaryBehaviour,
  template,
} from "@viaggio/journey-model"
import { describe, expect, it } from "vitest"
import { type AudienceStore, type AudienceWorker, createAudienceStore } from "./audience-store.ts"
import { type AudienceAsk, type AudienceTell, workAudience } from "./audience-work.ts"
import { medianMs, personOf, withMedian } from "./learned.ts"

const startAt = Date.UTC(2026, 0, 1)
const journey = template("welcome", "en")

const specOf = (customers: number): AudienceSpec => {
  const program = compile(journey)
  if (!program.ok) throw new Error("does not compile")
  return {
    journey,
    workspace: "w",
    startAt,
    days: 30,
    customers,
    seed: 3,
    people: madeUpPeople(journey, { base: { email: "ann@example.com" }, seed: 3, startAt }),
    events: eventShapes(journey, { baseOf: () => ({}), startAt }),
    behaviour: ordinaryBehaviour(program.value, 10),
  }
}

/** Workers that work when `turn` is called, in the order in which they were asked. */
const bench = (workers: number) => {
  const waiting: (() => void)[] = []
  let started = 0
  let ended = 0
  const startWorker = (): AudienceWorker => {
    started += 1
    let alive = true
    let tell: (answer: AudienceTell) => void = () => undefined
    let fail: (message: string) => void = () => undefined
    return {
      post(ask: AudienceAsk) {
        waiting.push(() => {
          if (!alive) return
          try {
            workAudience(structuredClone(ask), answer => tell(structuredClone(answer)))
          } catch (cause) {
            fail(String(cause))
          }
        })
      },
      onTell: take => {
        tell = take
      },
      onError: take => {
        fail = take
      },
      end() {
        alive = false
        ended += 1
      },
    }
  }
  const audience = createAudienceStore({ startWorker, workers, now: () => startAt })
  const turn = () => {
    for (const work of waiting.splice(0)) work()
  }
  return { audience, turn, started: () => started, ended: () => ended }
}

const totalsOf = (audience: AudienceStore) => audience.live()?.store.getState().stats?.totals

describe("the audience on the screen", () => {
  it("runs in several workers as in one, and shows the last moment", () => {
    const one = bench(1)
    const four = bench(4)
    for (const { audience, turn } of [one, four]) {
      audience.run(specOf(4_500))
      expect(audience.store.getState()).toMatchObject({ phase: "running", ran: 0 })
      expect(audience.live()).toBeUndefined()
      turn()
      expect(audience.store.getState()).toMatchObject({ phase: "done", ran: 4_500 })
    }
    expect([one.started(), four.started()]).toEqual([1, 4])
    const stats = four.audience.live()?.store.getState().stats
    expect(stats?.totals.entered).toBe(4_500)
    expect(stats).toEqual(one.audience.live()?.store.getState().stats)
    if (stats) assertConserved(stats)
  })

  it("shows any moment, and who is behind a number then", () => {
    const { audience, turn } = bench(2)
    audience.run(specOf(500))
    turn()
    audience.to(24 * 5)
    const stats = audience.live()?.store.getState().stats
    const inside = stats?.nodes["first-order"]?.inside ?? 0
    expect(inside).toBeGreaterThan(20)
    expect(totalsOf(audience)?.entered).toBeLessThan(500)
    audience.ask({ node: "first-order", been: false })
    expect(audience.store.getState().asked).toMatchObject({ node: "first-order", members: undefined })
    turn()
    expect(audience.store.getState().asked?.members).toHaveLength(Math.min(100, inside))
    audience.to(0)
    expect(audience.store.getState().asked).toBeUndefined()
    audience.to(-5)
    expect(audience.store.getState().moment).toBe(0)
  })

  it("forgets an answer that is not asked for any more", () => {
    const { audience, turn } = bench(1)
    audience.run(specOf(100))
    turn()
    audience.ask({ node: "welcome", been: true })
    audience.ask({ node: "first-order", been: true })
    turn()
    expect(audience.store.getState().asked).toMatchObject({ node: "first-order" })
    audience.ask({ node: "welcome", been: true })
    audience.closeList()
    turn()
    expect(audience.store.getState().asked).toBeUndefined()
  })

  it("is cancelled at once, and can run again", () => {
    const { audience, turn, ended } = bench(2)
    audience.run(specOf(5_000))
    audience.cancel()
    turn()
    expect(ended()).toBe(2)
    expect(audience.store.getState()).toMatchObject({ phase: "setup", ran: 0, result: undefined })
    audience.run(specOf(100))
    turn()
    expect(totalsOf(audience)?.entered).toBe(100)
    audience.end()
    expect(audience.live()).toBeUndefined()
  })

  it("says why a run did not work", () => {
    const { audience, turn } = bench(1)
    audience.run({ ...specOf(10), journey: { ...journey, nodes: [] } })
    turn()
    expect(audience.store.getState()).toMatchObject({ phase: "setup" })
    expect(audience.store.getState().error).toContain("entry")
  })
})

describe("what was learned", () => {
  it("gives a sampled customer a past of as many events, from the first to the last", () => {
    const digest = {
      "Order Completed": {
        count: 3,
        firstAt: Date.parse("2025-12-01T00:00:00.000Z"),
        lastAt: Date.parse("2025-12-11T00:00:00.000Z"),
      },
      "Product Viewed": {
        count: 1,
        firstAt: Date.parse("2026-02-01T00:00:00.000Z"),
        lastAt: Date.parse("2026-02-01T00:00:00.000Z"),
      },
    }
    const { past } = personOf({ attributes: {}, digest }, startAt)
    expect(past.map(({ name, at }) => `${name} ${new Date(at).toISOString().slice(0, 10)}`)).toEqual([
      "Order Completed 2025-12-01",
      "Order Completed 2025-12-06",
      "Order Completed 2025-12-11",
      "Product Viewed 2026-01-01",
    ])
  })
  it("makes delays longer around another middle", () => {
    const chance = withMedian({ share: 0.5, delaysMs: [0, 10, 20, 30, 40] }, 100)
    expect(chance).toEqual({ share: 0.5, delaysMs: [0, 50, 100, 150, 200] })
    expect(medianMs(chance)).toBe(100)
  })
})
