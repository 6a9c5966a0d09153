import { type Folded, foldEvent, foldParcel, NOTHING } from "./fold.ts"
import type { Protocol } from "./protocol.ts"
import type { Random } from "./random.ts"
import {
  bucketOf,
  type Database,
  type Enrollment,
  findMerge,
  findProfile,
  followTombstones,
  type Identifier,
  isUserId,
  type LogRow,
  type Merge,
  type MergeState,
  type Profile,
  type ProfileId,
  requestMerge,
  type Stimulus,
} from "./tables.ts"

/** What a batch did, as the witness is told at its commit. */
export type Note =
  | { kind: "folded"; event: string; into: ProfileId; via: readonly ProfileId[] }
  | { kind: "entered"; enrollment: Enrollment; by: ProfileId }
  | { kind: "ended"; enrollment: Enrollment; reason: "exit" | "merged" }
  | { kind: "took"; loser: ProfileId; into: ProfileId }
  | { kind: "landed"; loser: ProfileId; into: ProfileId }
  | { kind: "forwarded"; from: ProfileId; via: readonly ProfileId[] }

/** A batch that has been loaded and folded, and is not committed. */
export type Batch = {
  bucket: number
  worker: number
  epoch: number
  cursor: number
  profiles: Map<ProfileId, Profile>
  mail: LogRow[]
  merges: { key: string; state: MergeState }[]
  requests: { survivor: ProfileId; loser: ProfileId }[]
  /** Merges whose identities have to be looked through once more. */
  again: Merge[]
  inside: number
  notes: Note[]
}

/** Requests that the loser's bucket has to act on. */
export function findRequests(db: Database, protocol: Protocol, bucket: number): Merge[] {
  const due: MergeState = protocol.decision === "in-slots" ? "agreed" : "requested"
  const found: Merge[] = []
  for (const merge of db.merges.values())
    if (merge.state === due && bucketOf(merge.loser) === bucket) found.push(merge)
  return found
}

/** Load and fold: reads, decides, writes nothing. Takes some stimuli and some requests, in either order. */
export function prepareBatch(
  db: Database,
  protocol: Protocol,
  at: { bucket: number; worker: number; epoch: number },
  random: Random,
): Batch {
  const { cursor } = db.buckets[at.bucket]!
  const batch: Batch = {
    ...at,
    cursor,
    profiles: new Map(),
    mail: [],
    merges: [],
    requests: [],
    again: [],
    inside: 0,
    notes: [],
  }
  const work = new Fold(db, protocol, batch)
  const requests = findRequests(db, protocol, at.bucket).filter(() => random.chance(0.7))
  const takesFirst = random.chance(0.5)
  if (takesFirst) for (const merge of requests) work.take(merge)
  const rows = db.logs[at.bucket]!.slice(cursor, cursor + 1 + random.below(3))
  for (const row of rows) work.fold(row)
  batch.cursor += rows.length
  if (!takesFirst) for (const merge of requests) work.take(merge)
  return batch
}

class Fold {
  private readonly db: Database
  private readonly protocol: Protocol
  private readonly batch: Batch

  constructor(db: Database, protocol: Protocol, batch: Batch) {
    this.db = db
    this.protocol = protocol
    this.batch = batch
  }

  fold({ profile: id, stimulus }: LogRow): void {
    const profile = this.load(id)
    if (profile.mergedInto !== undefined) {
      if (stimulus.kind === "merged" || this.protocol.tombstone === "forwards") {
        this.forward(profile, profile.mergedInto, stimulus)
        return
      }
      if (this.protocol.tombstone === "drops") return
    }
    if (stimulus.kind === "event") {
      const { event, origin, via } = stimulus
      this.keep(profile, foldEvent(this.protocol, profile, event, origin), "exit")
      this.batch.notes.push({ kind: "folded", event: event.id, into: id, via })
    } else {
      this.keep(profile, foldParcel(this.protocol, profile.holdings, stimulus.parcel), "merged")
      if (this.protocol.inTransit === "counted-by-nobody") this.batch.inside += stimulus.parcel.open.length
      this.batch.merges.push({ key: stimulus.merge, state: "landed" })
      this.batch.notes.push({ kind: "landed", loser: stimulus.loser, into: id })
    }
  }

  /** Empties the loser into one parcel; its row stays and shows the way. */
  take({ key, survivor, loser: id }: Merge): void {
    const loser = this.load(id)
    if (loser.mergedInto !== undefined) {
      if (this.protocol.secondRequest !== "overwrites") {
        const isKept = this.protocol.secondRequest === "re-addressed"
        this.batch.merges.push({ key, state: isKept ? "re-addressed" : "done" })
        if (isKept) this.readdress(loser.mergedInto, survivor)
        return
      }
    }
    if (this.protocol.judgedAgain && userIdOf(this.db, id) && userIdOf(this.db, survivor)) {
      this.batch.merges.push({ key, state: "refused" })
      return
    }
    this.batch.profiles.set(id, { id, mergedInto: survivor, holdings: NOTHING })
    const { holdings: parcel } = loser
    if (this.protocol.inTransit === "counted-by-nobody") this.batch.inside -= parcel.open.length
    this.send(survivor, { kind: "merged", merge: key, loser: id, parcel, via: [] })
    this.batch.merges.push({ key, state: "taken" })
    this.batch.notes.push({ kind: "took", loser: id, into: survivor })
  }

  /** The loser has gone elsewhere meanwhile, so the request is about the one it went to. */
  private readdress(wentTo: ProfileId, other: ProfileId): void {
    if (wentTo === other) return
    const [survivor, loser] = wentTo < other ? [wentTo, other] : [other, wentTo]
    this.batch.requests.push({ survivor, loser })
  }

  private forward(from: Profile, to: ProfileId, stimulus: Stimulus): void {
    const via = [...stimulus.via, from.id]
    this.send(to, { ...stimulus, via })
    const merge = this.protocol.repoint.again && findMerge(this.db, from.id, to)
    if (merge) this.batch.again.push(merge)
    this.batch.notes.push({ kind: "forwarded", from: from.id, via })
  }

  private send(profile: ProfileId, stimulus: Stimulus): void {
    this.batch.mail.push({ profile, stimulus, byMail: true })
  }

  private load(id: ProfileId): Profile {
    return this.batch.profiles.get(id) ?? findProfile(this.db, id) ?? { id, holdings: NOTHING }
  }

  private keep(profile: Profile, { holdings, entered, ended }: Folded, reason: "exit" | "merged"): void {
    this.batch.profiles.set(profile.id, { ...profile, holdings })
    this.batch.inside += entered.length - ended.length
    for (const enrollment of entered) this.batch.notes.push({ kind: "entered", enrollment, by: profile.id })
    for (const enrollment of ended) this.batch.notes.push({ kind: "ended", enrollment, reason })
  }
}

/** A user id that leads to the same person, as far as can be read now without a lock. */
function userIdOf(db: Database, profile: ProfileId): Identifier | undefined {
  const end = followTombstones(db, profile)
  for (const [identifier, named] of db.identities)
    if (isUserId(identifier) && followTombstones(db, named) === end) return identifier
  return undefined
}

/** Commits a batch, or nothing when the bucket has another owner by now. */
export function commitBatch(db: Database, protocol: Protocol, batch: Batch): boolean {
  const bucket = db.buckets[batch.bucket]!
  if (protocol.fenced && !isOwner(db, batch)) return false
  bucket.cursor = batch.cursor
  for (const [id, profile] of batch.profiles) bucket.profiles.set(id, profile)
  for (const row of batch.mail) {
    bucket.mailNumber += 1
    const id = `mail:${batch.bucket}:${bucket.mailNumber}`
    db.mail.push({ id, from: batch.bucket, number: bucket.mailNumber, to: bucketOf(row.profile), row })
  }
  for (const { key, state } of batch.merges) db.merges.get(key)!.state = state
  for (const { survivor, loser } of batch.requests) requestMerge(db, survivor, loser)
  for (const merge of batch.again) {
    merge.round += 1
    if (merge.state === "done") merge.state = "landed"
  }
  bucket.inside += batch.inside
  for (const note of batch.notes) {
    if (note.kind === "entered") bucket.entered += 1
    if (note.kind === "ended") bucket.ended += 1
  }
  return true
}

export const isOwner = (
  db: Database,
  { bucket, worker, epoch }: { bucket: number; worker: number; epoch: number },
): boolean => db.buckets[bucket]!.owner === worker && db.buckets[bucket]!.epoch === epoch
