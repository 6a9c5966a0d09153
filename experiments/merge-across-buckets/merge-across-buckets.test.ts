import { afterAll, describe, expect, test } from "vitest"
import { FAULTS } from "./faults.ts"
import { foldEvent, foldParcel, isGranted, NOTHING } from "./fold.ts"
import { NARROW, PROPOSED } from "./protocol.ts"
import { countBroken, describeBroken, describeReport, runMany } from "./report.ts"
import { SLOTS, type What } from "./tables.ts"

const SEEDS = 20_000
const SEEDS_PER_FAULT = 2000
const WITHIN_MS = 300_000

const ARROWS = [
  "door before its commit",
  "door before its answer",
  "between tasks",
  "before a commit",
  "after a commit",
  "taken, parcel not appended",
  "forwarded, mail not appended",
  "mail read, not appended",
  "mail appended, not dropped",
  "landed, nothing re-pointed",
  ...Array.from({ length: SLOTS + 1 }, (_, slot) => `re-pointing, ${slot} of ${SLOTS} slots done`),
]

const report: string[] = []
afterAll(() => void process.stdout.write(`\n${report.join("\n")}\n`))

describe(`four workers and kills against one thread, seeds 0 to ${SEEDS - 1}`, () => {
  test.each([
    { title: "narrow reading, everybody may join", protocol: NARROW, scenario: { knownPeople: false } },
    { title: "proposed, everybody may join", protocol: PROPOSED, scenario: { knownPeople: false } },
    { title: "proposed, user ids bar joins", protocol: PROPOSED, scenario: { knownPeople: true } },
  ])("$title", { timeout: WITHIN_MS }, ({ title, protocol, scenario }) => {
    const ran = runMany(protocol, scenario, SEEDS)
    report.push(describeReport(title, ran))
    expect([...ran.broken], "broken laws with their first seed").toEqual([])
    for (const arrow of ARROWS) expect(ran.kills.get(arrow), arrow).toBeGreaterThan(100)
    for (const shape of ["merges", "chains", "bothWays", "rings", "forwarded", "copies", "fencedOff"])
      expect(ran.sums.get(shape), shape).toBeGreaterThan(100)
  })
})

describe(`what must not pass, seeds 0 to ${SEEDS_PER_FAULT - 1}`, () => {
  test.each(FAULTS)("$kind: $name", { timeout: WITHIN_MS }, ({ name, kind, protocol, scenario }) => {
    const ran = runMany(protocol, scenario, SEEDS_PER_FAULT)
    report.push(describeBroken(`${kind}: ${name}`, ran))
    expect(countBroken(ran)).toBeGreaterThan(0)
  })
})

/** The loser withdrew at 3, an event joined both at 5, the survivor granted at 7. */
describe("a consent given while two people are being merged", () => {
  const say = (what: What, at: number) => ({ id: `e${at}`, at, identifiers: [], what, journey: 0 as const })
  const links = [{ a: 1, b: 2, at: 5 }]

  test.each([
    { rule: "one-value", beforeLanding: false, afterLanding: true },
    { rule: "by-origin", beforeLanding: true, afterLanding: true },
  ] as const)("$rule", ({ rule, beforeLanding, afterLanding }) => {
    const protocol = { ...NARROW, consent: rule }
    const parcel = foldEvent(protocol, { id: 2, holdings: NOTHING }, say("withdraw", 3), 2).holdings
    const granted = foldEvent(protocol, { id: 1, holdings: NOTHING }, say("grant", 7), 1).holdings
    const foldedBefore = foldParcel(protocol, granted, parcel).holdings
    const landed = foldParcel(protocol, NOTHING, parcel).holdings
    const foldedAfter = foldEvent(protocol, { id: 1, holdings: landed }, say("grant", 7), 1).holdings
    expect(isGranted(foldedBefore.consent, links)).toBe(beforeLanding)
    expect(isGranted(foldedAfter.consent, links)).toBe(afterLanding)
  })
})
