import type { Receipt } from "./door.ts"
import { byEntry, isGranted } from "./fold.ts"
import type { Protocol } from "./protocol.ts"
import {
  type Consent,
  type Database,
  type Event,
  findProfile,
  followTombstones,
  type Holdings,
  type Identifier,
  isUserId,
  type Journey,
  ONCE,
  type ProfileId,
} from "./tables.ts"
import { Broken, type Life, type Witness } from "./witness.ts"

/** One human as a single thread sees it: all profiles, all events. */
type Person = { profiles: Set<ProfileId>; events: { event: Event; origin: ProfileId }[] }

/**
 * Compares a database at rest with one thread that never merges anything: it knows from the start who is who and
 * adds up each person's events. Throws `Broken`.
 */
export function checkAtRest(
  db: Database,
  protocol: Protocol,
  witness: Witness,
  receipts: readonly Receipt[],
): void {
  const accepted = receipts.filter(({ isCopy }) => !isCopy)
  if (new Set(accepted.map(({ event }) => event.id)).size !== accepted.length)
    throw new Broken("a re-sent event is recognised", "accepted twice")
  checkNothingLeft(db)
  const people = findPeople(db, accepted)
  for (const person of people) checkPerson(db, witness, person)
  for (const [identifier, profile] of db.identities) checkIdentity(db, people, identifier, profile)
  if (protocol.repoint.again) checkRepointed(db)
  checkUserIds(db)
  let inside = 0
  for (const { inside: counted } of db.buckets) inside += counted
  const open = [...witness.lives.values()].filter(({ ended }) => ended === undefined).length
  if (inside !== open) throw new Broken("inside counts who is inside", `${inside}, not ${open}`)
}

function checkNothingLeft(db: Database): void {
  if (db.mail.length > 0) throw new Broken("all work gets done", `${db.mail.length} mails left`)
  for (const { key, state } of db.merges.values())
    if (state !== "done" && state !== "refused" && state !== "re-addressed")
      throw new Broken("all work gets done", `merge ${key} ${state}`)
}

/**
 * Where everything may join, people are found from the events alone: whoever shares an identifier is one. Where
 * user ids bar some joins, which depend on the order of arrival, the requests that were not refused decide.
 */
function findPeople(db: Database, accepted: readonly Receipt[]): Person[] {
  const leader = new Map<string, string>()
  const find = (key: string): string => {
    const up = leader.get(key) ?? key
    return up === key ? key : find(up)
  }
  const join = (a: string, b: string) => leader.set(find(a), find(b))
  const mayAllJoin = ![...db.identities.keys()].some(isUserId)
  if (mayAllJoin)
    for (const { event, target } of accepted)
      for (const identifier of event.identifiers) join(identifier, `${target}`)
  else
    for (const { key, state } of db.merges.values()) {
      const [a, b] = key.split(":")
      if (state === "done") join(a!, b!)
    }
  const people = new Map<string, Person>()
  for (const { event, target } of accepted) {
    const key = find(`${target}`)
    const person = people.get(key) ?? { profiles: new Set(), events: [] }
    person.profiles.add(target)
    person.events.push({ event, origin: target })
    people.set(key, person)
  }
  return [...people.values()]
}

function checkPerson(db: Database, witness: Witness, { profiles, events }: Person): void {
  const survivor = Math.min(...profiles)
  for (const profile of profiles) {
    const end = followTombstones(db, profile)
    if (end !== survivor)
      throw new Broken("the lowest id survives", `${profile} ends at ${end}, not ${survivor}`)
  }
  const held = findProfile(db, survivor)?.holdings
  if (!held) throw new Broken("no event is lost", `profile ${survivor} has no row`)
  const lost = events.find(({ event }) => !witness.folded.has(event.id))
  if (lost) throw new Broken("no event is lost", lost.event.id)
  if (held.count !== events.length)
    throw new Broken("the digest counts each event", `${held.count} of ${events.length}`)
  checkValues(db, held, events)
  for (const journey of [0, 1] as const) checkJourney(witness, held, profiles, events, journey)
}

function checkValues(db: Database, held: Holdings, events: Person["events"]): void {
  const sent = events.filter(({ event }) => event.what === "message").map(({ event }) => event.id)
  if (sent.length !== held.messages.size || sent.some(id => !held.messages.has(id)))
    throw new Broken("cap histories are united", `${held.messages.size} of ${sent.length}`)
  let last = { at: -1, by: "" }
  for (const { event } of events)
    if (event.what === "value" && (event.at > last.at || (event.at === last.at && event.id > last.by)))
      last = { at: event.at, by: event.id }
  if (held.value.by !== last.by) throw new Broken("the latest value wins", `${held.value.by}, not ${last.by}`)
  const said = new Map<ProfileId, Consent>()
  for (const { event, origin } of events) {
    if (event.what !== "grant" && event.what !== "withdraw") continue
    const before = said.get(origin) ?? { grantedAt: -1, withdrawnAt: -1 }
    const key = event.what === "grant" ? "grantedAt" : "withdrawnAt"
    said.set(origin, { ...before, [key]: Math.max(before[key], event.at) })
  }
  const expected = isGranted(said, db.links)
  if (isGranted(held.consent, db.links) !== expected)
    throw new Broken("consent does not depend on the schedule", `is ${!expected}, not ${expected}`)
}

function checkJourney(
  witness: Witness,
  held: Holdings,
  profiles: ReadonlySet<ProfileId>,
  events: Person["events"],
  journey: Journey,
): void {
  const lives = [...witness.lives.values()].filter(
    ({ enrollment, by }) => enrollment.journey === journey && profiles.has(by),
  )
  const ids = (list: readonly { id: string }[]) =>
    list
      .map(({ id }) => id)
      .sort()
      .join(" ")
  const known = ids(held.entered.filter(one => one.journey === journey))
  const real = ids(lives.map(({ enrollment }) => enrollment))
  if (known !== real) throw new Broken("entry histories are united", `"${known}", not "${real}"`)
  const running = ids(held.open.filter(one => one.journey === journey))
  const unended = lives.filter(({ ended }) => ended === undefined).map(({ enrollment }) => enrollment)
  if (running !== ids(unended))
    throw new Broken("no enrollment is lost", `"${running}", not "${ids(unended)}"`)
  if (unended.length > 1) throw new Broken("one enrollment per journey", running)
  if (journey === ONCE) checkOnce(lives, events)
  const concerning = events.filter(({ event }) => event.journey === journey)
  if (lives.length === 0 && concerning.some(({ event }) => event.what === "enter"))
    throw new Broken("who should enter has entered", `journey ${journey}`)
  if (lives.length === 0 || concerning.some(({ event }) => event.what === "exit")) return
  const [first] = lives.map(({ enrollment }) => enrollment).sort(byEntry)
  if (running !== first!.id) throw new Broken("who entered first stays", `${running}, not ${first!.id}`)
}

/** Whoever entered by an identifier is known by it, so nothing lets the same identifier in again. */
function checkOnce(lives: readonly Life[], events: Person["events"]): void {
  const used = new Map<Identifier, string>()
  for (const { enrollment } of lives) {
    const [identifier, ...more] = events.find(({ event }) => enrollment.id.endsWith(`:${event.id}`))!.event
      .identifiers
    if (more.length > 0) continue
    const other = used.get(identifier!)
    if (other !== undefined)
      throw new Broken("one identifier enters once", `${identifier}: ${other}, ${enrollment.id}`)
    used.set(identifier!, enrollment.id)
  }
}

function checkIdentity(db: Database, people: Person[], identifier: Identifier, profile: ProfileId): void {
  const end = followTombstones(db, profile)
  if (findProfile(db, end)?.mergedInto !== undefined) throw new Broken("identities lead home", identifier)
  if (isUserId(identifier) || [...db.identities.keys()].some(isUserId)) return
  const person = people.find(({ events }) =>
    events.some(({ event }) => event.identifiers.includes(identifier)),
  )
  if (!person?.profiles.has(end)) throw new Broken("identities lead home", `${identifier} leads to ${end}`)
}

function checkRepointed(db: Database): void {
  for (const [identifier, profile] of db.identities)
    if (findProfile(db, profile)?.mergedInto !== undefined)
      throw new Broken("identities name the survivor in the end", `${identifier} names ${profile}`)
}

/** "Two different user ids never merge by an event", and nothing else keeps people apart. */
function checkUserIds(db: Database): void {
  const owners = new Map<ProfileId, Identifier>()
  for (const [identifier, profile] of db.identities) {
    if (!isUserId(identifier)) continue
    const end = followTombstones(db, profile)
    const other = owners.get(end)
    if (other !== undefined)
      throw new Broken("two user ids never become one person", `${other} and ${identifier} are ${end}`)
    owners.set(end, identifier)
  }
  for (const { key, state } of db.merges.values()) {
    const ends = key.split(":").map(id => followTombstones(db, Number(id)))
    if (state === "refused" && !(ends[0] !== ends[1] && ends.every(end => owners.has(end))))
      throw new Broken("a refusal has its reason", key)
  }
}
