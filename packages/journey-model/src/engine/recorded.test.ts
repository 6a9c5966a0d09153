import { describe, expect, test } from "vitest"
import recording from "../testing/recorded/welcome-0.1.json" with { type: "json" }
import { Store } from "../testing/store.ts"
import { journeyOf } from "../testing/welcome.ts"
import type { CustomerStimulus } from "./customer.ts"

type Recording = typeof recording

const replay = ({ journey, customer, stimuli, until }: Recording) => {
  const store = Store.of(journeyOf(journey))
  store.fold(customer, stimuli as unknown as CustomerStimulus[])
  store.passTo(customer, until)
  return {
    hash: store.versions[0]?.program.hash,
    steps: store.turns.flatMap(turn => turn.steps),
    effects: store.turns.flatMap(turn => turn.effects.map(({ version, effect }) => ({ version, effect }))),
    totals: store.stats.totals,
  }
}

describe("a life recorded with release 0.1", () => {
  test("is lived again in the same way, ids and hash included", () => {
    expect(replay(recording)).toEqual(recording.expected)
  })
  test("is seen to differ when it was tampered with", () => {
    const [first, ...rest] = recording.stimuli
    const tampered = { ...recording, stimuli: [{ ...first, traits: { email: "eve@example.com" } }, ...rest] }
    expect(replay(tampered as unknown as Recording)).not.toEqual(recording.expected)
  })
})
