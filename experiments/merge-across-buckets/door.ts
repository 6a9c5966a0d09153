import type { Protocol } from "./protocol.ts"
import {
  bucketOf,
  type Database,
  type Event,
  followAliases,
  type Identifier,
  isUserId,
  type ProfileId,
  requestMerge,
  strengthOf,
} from "./tables.ts"

/** What the door has decided about one event and not committed yet. */
export type Claim = {
  door: number
  event: Event
  isCopy: boolean
  /** The person by all that is agreed. */
  target: ProfileId
  /** The profile whose log takes the event and which new identifiers name. */
  appendTo: ProfileId
  fresh: Identifier[]
  moves: Identifier[]
  joins: ProfileId[]
}

/** What the door answered: the profile whose log took the event. */
export type Receipt = { event: Event; target: ProfileId; isCopy: boolean }

/**
 * First half of the door's transaction: claims new identifiers, reads all back and decides. Undefined where
 * another open transaction holds one of its rows: it has to wait. Between the halves anything may happen.
 */
export function claim(
  db: Database,
  protocol: Protocol,
  door: number,
  event: Event,
  newProfileId: (strongest: Identifier) => ProfileId,
): Claim | undefined {
  const message = `message:${event.id}`
  const fresh = event.identifiers.filter(identifier => !db.identities.has(identifier))
  if (db.locks.has(message) || event.identifiers.some(identifier => db.locks.has(identifier)))
    return undefined
  const byStrength = [...event.identifiers].sort((a, b) => strengthOf(a) - strengthOf(b))
  const plan = decide(db, protocol, byStrength, fresh, newProfileId)
  const locks = [message, ...fresh]
  // Linking a user id to a person must not cross an agreement about the same person.
  if (protocol.decision === "in-slots" && protocol.linksUnderLock && fresh.some(isUserId))
    locks.push(`alias:${plan.target}`)
  if (locks.some(key => db.locks.has(key))) return undefined
  for (const key of locks) db.locks.set(key, door)
  const isCopy = protocol.seenBy === "message" && db.seen.has(event.id)
  return { door, event, isCopy, fresh, ...plan }
}

function decide(
  db: Database,
  protocol: Protocol,
  byStrength: readonly Identifier[],
  fresh: readonly Identifier[],
  newProfileId: (strongest: Identifier) => ProfileId,
): Pick<Claim, "target" | "appendTo" | "moves" | "joins"> {
  const become = (profile: ProfileId) =>
    protocol.decision === "in-slots" ? followAliases(db, profile) : profile
  const whose = (identifier: Identifier) => become(db.identities.get(identifier)!)
  const known = byStrength.filter(identifier => !fresh.includes(identifier))
  const bringsUserId = fresh.some(isUserId)
  const naming = known.find(identifier => !(bringsUserId && hasUserId(db, protocol, whose(identifier))))
  const target = naming === undefined ? newProfileId(byStrength[0]!) : whose(naming)
  const named = naming === undefined ? target : db.identities.get(naming)!
  const targetIsKnown = bringsUserId || hasUserId(db, protocol, target)
  const others = known.filter(identifier => whose(identifier) !== target)
  const bars = (identifier: Identifier) => targetIsKnown && hasUserId(db, protocol, whose(identifier))
  return {
    target,
    // Until the parcel has landed, only the old log leads past all that the identifier did before.
    appendTo: protocol.appendsTo === "named" ? named : target,
    moves: others.filter(identifier => bars(identifier) && identifier.startsWith("v")),
    joins: [...new Set(others.filter(identifier => !bars(identifier)).map(identifier => whose(identifier)))],
  }
}

/** In batches the only register of user ids are the identities, of which a merge moves one after the other. */
function hasUserId(db: Database, protocol: Protocol, profile: ProfileId): boolean {
  if (protocol.decision === "in-slots") return db.aliases.get(profile)?.user !== undefined
  for (const [identifier, owner] of db.identities) if (owner === profile && isUserId(identifier)) return true
  return false
}

/** Second half: writes identities, requests, the id seen and the row of the log, all or nothing. */
export function append(db: Database, protocol: Protocol, made: Claim, now: number): Receipt {
  rollBack(db, made)
  const { event, target, appendTo, fresh, moves, joins } = made
  const copyKey = protocol.seenBy === "message" ? event.id : `${event.id}:${appendTo}`
  if (made.isCopy || db.seen.has(copyKey)) return { event, target: appendTo, isCopy: true }
  db.seen.add(copyKey)
  for (const identifier of [...fresh, ...moves]) db.identities.set(identifier, appendTo)
  const user = fresh.find(isUserId)
  if (user !== undefined) db.aliases.set(target, { ...db.aliases.get(target), user })
  for (const other of joins) {
    const lowerFirst = protocol.survivor === "first-named" || target < other
    const [survivor, loser] = lowerFirst ? [target, other] : [other, target]
    requestMerge(db, survivor, loser)
    db.links.push({ a: target, b: other, at: now })
  }
  db.logs[bucketOf(appendTo)]!.push({
    profile: appendTo,
    stimulus: { kind: "event", event, origin: appendTo, via: [] },
    byMail: false,
  })
  return { event, target: appendTo, isCopy: false }
}

/** A door that dies, or a failure: nothing is kept, the sender tries again with the same id. */
export function rollBack(db: Database, { door }: Claim): void {
  for (const [key, holder] of db.locks) if (holder === door) db.locks.delete(key)
}
