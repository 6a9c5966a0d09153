import { sql } from "drizzle-orm"
import type { DbOrTransaction } from "../db/client.ts"

/** Work that waits, over all workspaces. */
export type Waiting = {
  /** Events in a bucket's log behind its cursor, by bucket; buckets without any are left out. */
  events: { bucket: number; count: number }[]
  /** Timers on the real clock that should have run. */
  dueTimers: number
  /** Messages that are neither sent nor refused. */
  messages: number
  /** Buckets that no living process works. */
  ownerless: number
  /** Customers whom the engine could not work. */
  setAside: number
  /** What the last check of the counters found, and how long ago it was, in seconds; absent before the first. */
  counters?: { differences: number; age: number }
}

export async function readWaiting(db: DbOrTransaction): Promise<Waiting> {
  const events = await db.execute<{ bucket: number; count: number }>(sql`
    select b.bucket, (h.head_seq - b.cursor_seq)::float8 as count
    from buckets b join bucket_heads h using (bucket) where h.head_seq > b.cursor_seq`)
  // The counts stop at a number that means trouble anyway, so that a scrape never reads a long backlog.
  const [row] = await db.execute<{ timers: number; messages: number; ownerless: number; aside: number }>(sql`
    select
      (select count(*)::int from (select from enrollments e join buckets b using (bucket)
        where e.clock = 0 and e.wake_at <= now() limit 100000) due) as timers,
      (select count(*)::int from (select from messages where is_open limit 100000) open) as messages,
      (select count(*)::int from buckets where lease_end < now()) as ownerless,
      (select count(*)::int from stuck) as aside`)
  const [counters] = await db.execute<{ differences: number; age: number }>(sql`
    select jsonb_array_length(differences) as differences, extract(epoch from now() - finished_at)::float8 as age
    from counter_checks where finished_at is not null order by id desc limit 1`)
  return {
    events: [...events],
    dueTimers: row!.timers,
    messages: row!.messages,
    ownerless: row!.ownerless,
    setAside: row!.aside,
    ...(counters === undefined ? {} : { counters }),
  }
}
