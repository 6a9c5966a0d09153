/** The database as the model sees it. Every function that changes it is one transaction. */

export const BUCKETS = 4
export const SLOTS = 3

/** A number; the lower one survives. Its bucket is a part of it for life. */
export type ProfileId = number
/** `u1` a user id, `m1` an e-mail, `v1` an anonymous visitor. */
export type Identifier = string
/** Lower is stronger; the number makes it a total order. */
export const strengthOf = (identifier: Identifier): number =>
  10 * "umv".indexOf(identifier[0]!) + Number(identifier[1])

export const bucketOf = (profile: ProfileId): number => profile % BUCKETS
export const slotOf = (identifier: Identifier): number =>
  (identifier.charCodeAt(0) + identifier.charCodeAt(1)) % SLOTS
export const isUserId = (identifier: Identifier): boolean => identifier.startsWith("u")

export type What = "enter" | "exit" | "value" | "grant" | "withdraw" | "message"
/** Journey 0 is entered once in a life, journey 1 again after each exit. */
export type Journey = 0 | 1
export const ONCE: Journey = 0

/** `at`: when it occurred; unlike arrival it follows no order. */
export type Event = { id: string; at: number; identifiers: Identifier[]; what: What; journey: Journey }

export type Enrollment = { id: string; journey: Journey; enteredAt: number }

/** Last grant and last withdrawal that one profile stated; −1 where it stated none. */
export type Consent = { grantedAt: number; withdrawnAt: number }

export type Holdings = {
  count: number
  value: { at: number; by: string }
  consent: Map<ProfileId, Consent>
  /** Ids of the messages sent: what caps count. */
  messages: ReadonlySet<string>
  entered: readonly Enrollment[]
  open: readonly Enrollment[]
}

export type Profile = { id: ProfileId; mergedInto?: ProfileId; holdings: Holdings }

/** `origin`: the profile that the door named; `via`: the tombstones that passed it on. */
export type Stimulus =
  | { kind: "event"; event: Event; origin: ProfileId; via: readonly ProfileId[] }
  | { kind: "merged"; merge: string; loser: ProfileId; parcel: Holdings; via: readonly ProfileId[] }

/** A row of the log; `byMail`: it came from another bucket, its first row stays where the door wrote it. */
export type LogRow = { profile: ProfileId; stimulus: Stimulus; byMail: boolean }

export type Mail = { id: string; from: number; number: number; to: number; row: LogRow }

/** `re-addressed`: the loser had gone elsewhere before, so another row took over. */
export type MergeState = "requested" | "agreed" | "taken" | "landed" | "done" | "refused" | "re-addressed"
/** `round` counts how often the identities of the loser had to be looked through. */
export type Merge = {
  key: string
  survivor: ProfileId
  loser: ProfileId
  state: MergeState
  round: number
}

export type Bucket = {
  owner: number | undefined
  epoch: number
  cursor: number
  mailNumber: number
  profiles: Map<ProfileId, Profile>
  entered: number
  inside: number
  ended: number
}

export type Database = {
  buckets: Bucket[]
  logs: LogRow[][]
  mail: Mail[]
  /** Mail ids that have been appended, and by `sender:receiver` the last number appended. */
  received: Set<string>
  marks: Map<string, number>
  seen: Set<string>
  identities: Map<Identifier, ProfileId>
  /** In slots like identities: where a profile went, and the user id of those who have one. */
  aliases: Map<ProfileId, { into?: ProfileId; user?: Identifier }>
  merges: Map<string, Merge>
  /** Which two profiles an event joined, and when: a grant after this speaks for both. */
  links: { a: ProfileId; b: ProfileId; at: number }[]
  /** Keys that an open transaction of the door holds. */
  locks: Map<string, number>
}

export function createDatabase(): Database {
  const buckets = Array.from({ length: BUCKETS }, () => ({
    owner: undefined,
    epoch: 0,
    cursor: 0,
    mailNumber: 0,
    profiles: new Map<ProfileId, Profile>(),
    entered: 0,
    inside: 0,
    ended: 0,
  }))
  return {
    buckets,
    logs: buckets.map(() => []),
    mail: [],
    received: new Set(),
    marks: new Map(),
    seen: new Set(),
    identities: new Map(),
    aliases: new Map(),
    merges: new Map(),
    links: [],
    locks: new Map(),
  }
}

export const findProfile = (db: Database, id: ProfileId): Profile | undefined =>
  db.buckets[bucketOf(id)]!.profiles.get(id)

/** Where a profile's data is, or will be, by the tombstones. */
export function followTombstones(db: Database, id: ProfileId): ProfileId {
  let end = id
  for (;;) {
    const next = findProfile(db, end)?.mergedInto
    if (next === undefined) return end
    end = next
  }
}

export function followAliases(db: Database, id: ProfileId): ProfileId {
  let end = id
  for (;;) {
    const next = db.aliases.get(end)?.into
    if (next === undefined) return end
    end = next
  }
}

/** Where the data of a profile has arrived: tombstones are followed as far as their parcels have landed. */
export function followLanded(db: Database, id: ProfileId): ProfileId {
  let end = id
  for (;;) {
    const next = findProfile(db, end)?.mergedInto
    if (next === undefined || !hasLanded(findMerge(db, end, next))) return end
    end = next
  }
}

const hasLanded = (merge: Merge | undefined) => merge?.state === "landed" || merge?.state === "done"

export function findMerge(db: Database, loser: ProfileId, survivor: ProfileId): Merge | undefined {
  let found: Merge | undefined
  // Another row of the pair may have been closed without a parcel, because this one was there.
  for (const merge of db.merges.values())
    if (merge.loser === loser && merge.survivor === survivor && !(found && hasLanded(merge))) found = merge
  return found
}

/** Writes a request once; a second one for the same two profiles changes nothing. */
export function requestMerge(db: Database, survivor: ProfileId, loser: ProfileId): void {
  const key = `${survivor}:${loser}`
  if (!db.merges.has(key)) db.merges.set(key, { key, survivor, loser, state: "requested", round: 0 })
}
