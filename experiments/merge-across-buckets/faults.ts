import { NARROW, PROPOSED, type Protocol } from "./protocol.ts"
import type { Scenario } from "./run.ts"

/** A protocol that must not pass: `planted` is wrong on purpose, `reading` is what the text also allows. */
export type Fault = { name: string; kind: "planted" | "reading"; protocol: Protocol; scenario: Scenario }

const ANYBODY: Scenario = { knownPeople: false }
const KNOWN: Scenario = { knownPeople: true }

const planted = (name: string, change: Partial<Protocol>): Fault[] =>
  [NARROW, PROPOSED].map(protocol => ({
    name: `${name} (${protocol === NARROW ? "narrow" : "proposed"})`,
    kind: "planted",
    protocol: { ...protocol, ...change },
    scenario: ANYBODY,
  }))

const reading = (name: string, protocol: Protocol, scenario: Scenario = ANYBODY): Fault => ({
  name,
  kind: "reading",
  protocol,
  scenario,
})

export const FAULTS: readonly Fault[] = [
  ...planted("mail is not deduplicated", { mail: { order: "by-number", knownBy: "nothing" } }),
  ...planted("a tombstone swallows later events", { tombstone: "drops" }),
  ...planted("a tombstone folds later events", { tombstone: "folds" }),
  ...planted("identities move before the landing, nothing is forwarded", {
    tombstone: "drops",
    repoint: { after: "taken", again: false },
  }),
  ...planted("a batch commits with a stale epoch", { fenced: false }),
  ...planted("copies are known per profile", { seenBy: "message-and-profile" }),
  ...planted("the survivor's own enrollment stays", {
    landing: { keeps: "survivors", unitesHistory: true },
  }),
  ...planted("entry histories are not united", {
    landing: { keeps: "first-entered", unitesHistory: false },
  }),
  {
    name: "the survivor is whom the event names first",
    kind: "planted",
    protocol: { ...NARROW, survivor: "first-named" },
    scenario: ANYBODY,
  },
  {
    name: "a user id is linked without a lock (proposed)",
    kind: "planted",
    protocol: { ...PROPOSED, linksUnderLock: false },
    scenario: KNOWN,
  },
  reading("mail is appended in any order", { ...NARROW, mail: { order: "any", knownBy: "id" } }),
  reading("mail in any order, known by the sender's last number", {
    ...PROPOSED,
    mail: { order: "any", knownBy: "mark" },
  }),
  reading("identities move before the landing, all is forwarded", {
    ...NARROW,
    repoint: { after: "taken", again: false },
  }),
  reading("a second request about a tombstone is ignored", { ...NARROW, secondRequest: "ignored" }),
  reading("a second request overwrites merged_into", { ...NARROW, secondRequest: "overwrites" }),
  reading("consent is one value, restricted at landing", { ...NARROW, consent: "one-value" }),
  reading("enrollments in a parcel are counted nowhere", { ...NARROW, inTransit: "counted-by-nobody" }),
  reading("two user ids: judged at the door only", NARROW, KNOWN),
  reading("two user ids: judged again by the batch", { ...NARROW, judgedAgain: true }, KNOWN),
  reading("in slots, the door writes to the survivor at once", { ...PROPOSED, appendsTo: "end" }),
]
