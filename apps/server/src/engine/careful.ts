import {
  BATCH,
  type BatchDeps,
  type BatchResult,
  type Held,
  LostLease,
  type TimerChoice,
  workBatch,
} from "./batch.ts"
import * as store from "./careful-store.ts"
import { BULK_FROM } from "./log.ts"
import { setAside } from "./set-aside-store.ts"

/** Deaths of a process on one batch after which its customers are taken one by one. */
const MOST_DEATHS = 2

/** The first batch of a bucket whose last worker died; known in full once it was begun. */
export type Attempt = { begun?: { toSeq: number; isCareful: boolean }; timers: number; bulk: number }

/**
 * Works the first batch of a bucket whose last worker died, and notes beforehand that it does. When the process dies
 * again and again, the batch is worked one customer at a time, each noted before: the one at whom the process dies
 * then is set aside by the next. `isOver`: the bucket is one like any other again.
 */
export const workCarefully = async (
  deps: BatchDeps,
  held: Held,
  choice: TimerChoice,
  attempt: Attempt,
): Promise<{ result: BatchResult; isOver: boolean }> => {
  const fence = { bucket: held.bucket, owner: held.owner, epoch: held.epoch }
  attempt.begun ??= await begin(deps, held)
  const { toSeq, isCareful } = attempt.begun
  const isBulk = choice.log === "bulk"
  if (!isCareful) {
    const result = await workBatch(deps, held, choice)
    const isOver = isBulk || !result.bulkWaits
    if (isOver) await store.endAttempt(deps.db, fence)
    return { result, isOver }
  }
  const [next] = await store.findNext(deps.db, {
    bucket: held.bucket,
    ...(isBulk ? held.bulk : held.live),
    to: isBulk ? Number.MAX_SAFE_INTEGER : BULK_FROM - 1,
    clock: choice.clock,
    up_to: choice.upTo === undefined ? null : new Date(choice.upTo).toISOString(),
  })
  if (next !== undefined)
    await store.noteCustomer(deps.db, { ...fence, profile: next.profile_id, workspace: next.workspace_id })
  const result = await workBatch(deps, held, choice, 1)
  if (isBulk) attempt.bulk += 1
  else if (result.events === 0) attempt.timers += 1
  const isLiveOver = result.live.seq >= toSeq && (isBulk || !result.more || attempt.timers >= BATCH)
  const isOver = isLiveOver && (!result.bulkWaits || attempt.bulk >= BATCH)
  if (isOver) await store.endAttempt(deps.db, fence)
  else await store.noteCustomer(deps.db, { ...fence, profile: null, workspace: null })
  return { result, isOver }
}

const begin = async (deps: BatchDeps, held: Held): Promise<NonNullable<Attempt["begun"]>> => {
  const fence = { bucket: held.bucket, owner: held.owner, epoch: held.epoch }
  const [row] = await store.beginAttempt(deps.db, { ...fence, most: BATCH })
  if (row === undefined) throw new LostLease(`bucket ${held.bucket} is no longer ours`)
  if (row.profile !== null) await setKillerAside(deps, held, row.profile, row.workspace!)
  return { toSeq: row.to_seq, isCareful: row.attempts >= MOST_DEATHS }
}

const setKillerAside = async (
  deps: BatchDeps,
  held: Held,
  profile: string,
  workspace: number,
): Promise<void> => {
  const fence = { bucket: held.bucket, owner: held.owner, epoch: held.epoch }
  await setAside(deps.db, {
    bucket: held.bucket,
    release: deps.release,
    profiles: [profile],
    workspaces: [workspace],
    errors: ["The process died while it worked this customer, again and again."],
    days: [held.live.on],
    seqs: [held.live.seq + 1],
    bulk_days: [held.bulk.on],
    bulk_seqs: [held.bulk.seq + 1],
  })
  await store.noteCustomer(deps.db, { ...fence, profile: null, workspace: null })
}
