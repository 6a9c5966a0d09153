import type { Db, Tx } from "../db/client.ts"
import { lockHeads, moveHeads } from "../ingest/door-store.ts"
import { InternalKind } from "../ingest/message.ts"
import type { Ports } from "../ports.ts"
import { LostLease } from "./batch.ts"
import { lockBucket } from "./engine-store.ts"
import { workedOf } from "./log.ts"
import * as mail from "./mail-store.ts"
import * as store from "./merge-store.ts"
import type { Worker } from "./worker.ts"

/** Requests decided, losers taken, parcels brought, merges finished in one transaction. */
const MOST = 200
/** The safety net under the wake: what a process that died had begun, and requests of other processes. */
const POLL_MS = 1_000

export type MergerDeps = {
  db: Db
  ports: Ports
  worker: Pick<Worker, "owned" | "within">
  /** These buckets have something new in their logs. */
  onBrought(buckets: number[]): void
  log: { error(error: unknown, text: string): void }
}

/**
 * Merges profiles that are one person, between the batches. No transaction holds two buckets: a merge is agreed in
 * the alias rows of both, the loser is taken out in its own bucket, a parcel goes by mail, the survivor's batch
 * takes it in, and then the identities follow. Each arrow may be the last of a process; any worker goes on there.
 */
export const createMerger = (deps: MergerDeps) => {
  const { db } = deps
  let running: Promise<unknown> = Promise.resolve()
  let waiting = false
  let stopping = false
  let timer: NodeJS.Timeout | undefined

  /** Everything that can be done now; answers whether there was anything. */
  const round = async (): Promise<boolean> => {
    const buckets = deps.worker.owned()
    let hasWorked = (await db.transaction(decide)) > 0
    if (buckets.length === 0) return hasWorked
    for (const { bucket } of await store.findAgreed(db, { buckets }))
      hasWorked = (await takeLosers(bucket)) || hasWorked
    for (const { bucket } of await mail.findSenders(db, { buckets }))
      hasWorked = (await bring(bucket)) || hasWorked
    return (await db.transaction(repoint)) > 0 || hasWorked
  }

  const takeLosers = async (bucket: number): Promise<boolean> => {
    const taken = await deps.worker
      .within(bucket, held => db.transaction(tx => take(tx, bucket, held)))
      .catch(error => {
        if (error instanceof LostLease) return 0
        throw error
      })
    return (taken ?? 0) > 0
  }

  const bring = async (bucket: number): Promise<boolean> => {
    const receivers = await db.transaction(tx => bringMail(tx, bucket))
    if (receivers.length > 0) deps.onBrought(receivers)
    return receivers.length > 0
  }

  const exclusive = <T>(task: () => Promise<T>): Promise<T> => {
    const result = running.then(task)
    running = result.catch(() => undefined)
    return result
  }

  const wake = () => {
    if (waiting || stopping) return
    waiting = true
    void exclusive(async () => {
      waiting = false
      try {
        while (!stopping && (await round()));
      } catch (error) {
        deps.log.error(error, "people could not be merged and it will be tried again")
      }
    })
  }

  return {
    /** There may be a request, a parcel, or mail. */
    wake,
    /** Does what can be done at once; answers whether there was anything. */
    work: () => exclusive(round),
    start() {
      timer = setInterval(wake, POLL_MS)
      timer.unref()
      wake()
    },
    async stop() {
      stopping = true
      clearInterval(timer)
      await running
    },
  }
}

type Person = { id: string; bucket: number }
type Decided = { id: string; state: "agreed" | "refused" | "joined"; survivor: Person; loser: Person }

const columns = (people: readonly Person[]) => ({
  slots: people.map(p => p.bucket),
  profiles: people.map(p => p.id),
})

/**
 * Agrees on requests or refuses them, under the alias rows of all who are concerned, locked in order. The ends are
 * read again under the lock: a loser is sent one way and once, and two people with a user id never become one.
 */
const decide = async (tx: Tx): Promise<number> => {
  const requests = await store.claimRequests(tx, { most: MOST })
  if (requests.length === 0) return 0
  const asked = new Map<string, Person>()
  for (const r of requests) {
    asked.set(r.survivor_id, { id: r.survivor_id, bucket: r.survivor_bucket })
    asked.set(r.loser_id, { id: r.loser_id, bucket: r.loser_bucket })
  }
  const ends = new Map<string, Person>()
  const known = new Map<string, boolean>()
  for (let open = [...asked.values()]; open.length > 0; ) {
    for (const row of await store.followAliases(tx, columns(open)))
      ends.set(row.start_id, { id: row.id, bucket: row.bucket })
    const unlocked = [...new Map([...ends.values()].map(p => [p.id, p])).values()].filter(
      p => !known.has(p.id),
    )
    await store.addAliases(tx, columns(unlocked))
    const went = new Set<string>()
    for (const row of await store.lockAliases(tx, columns(unlocked))) {
      known.set(row.profile_id, row.known)
      if (row.went) went.add(row.profile_id)
    }
    open = [...asked.values()].filter(p => went.has(ends.get(p.id)!.id))
  }
  const decided = judge(requests, ends, known)
  const agreed = decided.filter(d => d.state === "agreed")
  if (agreed.length > 0) {
    await store.sendInto(tx, {
      ...columns(agreed.map(d => d.loser)),
      into_buckets: agreed.map(d => d.survivor.bucket),
      intos: agreed.map(d => d.survivor.id),
    })
    const knownSurvivors = agreed.map(d => d.survivor).filter(p => known.get(p.id) === true)
    if (knownSurvivors.length > 0) await store.noteKnown(tx, columns(knownSurvivors))
  }
  await store.decideRequests(tx, {
    ids: decided.map(d => d.id),
    states: decided.map(d => d.state),
    survivor_buckets: decided.map(d => d.survivor.bucket),
    survivors: decided.map(d => d.survivor.id),
    loser_buckets: decided.map(d => d.loser.bucket),
    losers: decided.map(d => d.loser.id),
  })
  return decided.length
}

/** One after the other, each seeing what those before it came to. The lower id survives, so no ring can arise. */
const judge = (
  requests: readonly store.RequestRow[],
  ends: ReadonlyMap<string, Person>,
  known: Map<string, boolean>,
): Decided[] => {
  const into = new Map<string, Person>()
  const endOf = (id: string): Person => {
    let end = ends.get(id)!
    for (let next = into.get(end.id); next !== undefined; next = into.get(end.id)) end = next
    return end
  }
  return requests.map(({ id, survivor_id, loser_id }) => {
    const [a, b] = [endOf(survivor_id), endOf(loser_id)]
    const [survivor, loser] = a.id < b.id ? [a, b] : [b, a]
    if (survivor.id === loser.id) return { id, state: "joined", survivor, loser }
    if (known.get(survivor.id) === true && known.get(loser.id) === true)
      return { id, state: "refused", survivor, loser }
    into.set(loser.id, survivor)
    known.set(survivor.id, known.get(survivor.id) === true || known.get(loser.id) === true)
    return { id, state: "agreed", survivor, loser }
  })
}

/** Takes losers out of their bucket, under its fence: one parcel each by mail, and a tombstone that shows the way. */
const take = async (tx: Tx, bucket: number, held: { owner: string; epoch: number }): Promise<number> => {
  const [row] = await lockBucket(tx, { bucket, owner: held.owner, epoch: held.epoch })
  if (row === undefined) throw new LostLease(`bucket ${bucket} is no longer ours`)
  const agreed = await store.readAgreed(tx, { bucket, most: MOST })
  if (agreed.length === 0) return 0
  const merges = agreed.map(m => m.id)
  const worked = workedOf(row)
  await Promise.all([
    store.addTombstones(tx, { bucket, merges }),
    store.sendParcels(tx, {
      bucket,
      merges,
      seqs: agreed.map(m => worked.live(m.workspace_id)),
      bulk: worked.bulk,
      kind: InternalKind.merged,
    }),
    store.emptyLosers(tx, { bucket, merges }),
  ])
  return merges.length
}

/**
 * Appends a bucket's mail to its receivers' logs in the order of writing, and drops it, in one transaction: so it
 * arrives once. It locks heads in order as the door does, and no worker's row.
 */
const bringMail = async (tx: Tx, bucket: number): Promise<number[]> => {
  const rows = await mail.claimMail(tx, { bucket, most: MOST })
  if (rows.length === 0) return []
  const receivers = [...new Set(rows.map(row => row.to_bucket))].sort((a, b) => a - b)
  const heads = await lockHeads(tx, { buckets: receivers })
  const next = new Map(heads.map(h => [h.bucket, { seq: Number(h.head_seq), day: h.today }]))
  const numbers = rows.map(row => {
    const head = next.get(row.to_bucket)!
    head.seq += 1
    return head.seq
  })
  await Promise.all([
    moveHeads(tx, {
      buckets: receivers,
      days: receivers.map(b => next.get(b)!.day),
      seqs: receivers.map(b => next.get(b)!.seq),
    }),
    mail.bringMail(tx, {
      bucket,
      seqs: rows.map(row => row.seq),
      days: rows.map(row => next.get(row.to_bucket)!.day),
      numbers,
    }),
  ])
  return receivers
}

/** Points the identities of losers at where their data has arrived. */
const repoint = async (tx: Tx): Promise<number> => {
  const landed = await store.claimLanded(tx, { most: MOST })
  if (landed.length === 0) return 0
  const losers = landed.map(m => ({ id: m.loser_id, bucket: m.loser_bucket }))
  const ends = new Map((await store.followLanded(tx, columns(losers))).map(row => [row.start_id, row]))
  await store.repoint(tx, {
    losers: losers.map(l => l.id),
    loser_buckets: losers.map(l => l.bucket),
    buckets: losers.map(l => ends.get(l.id)!.bucket),
    profiles: losers.map(l => ends.get(l.id)!.id),
  })
  await store.finishMerges(tx, { merges: landed.map(m => m.id) })
  return landed.length
}
