import { sql } from "drizzle-orm"
import type { Db } from "../db/client.ts"

/** How tries are slowed down: `free` of them, then waits that double from `firstWaitS` to `longestWaitS`. */
export type Curve = { free: number; firstWaitS: number; longestWaitS: number; forgottenAfterS: number }

/**
 * Counts one try before it is made, so that tries at the same time cannot pass together. Undefined: it may be
 * made; a number: seconds until the next one may. Times are the database's, so all processes agree.
 */
export async function claimTry(db: Db, key: Uint8Array, curve: Curve): Promise<number | undefined> {
  const { free, firstWaitS, longestWaitS, forgottenAfterS } = curve
  const counted = await db.execute(sql`
    insert into sign_in_limits as l (key, tries, last_at, open_at)
    values (${sql.param(key)}, 1, clock_timestamp(), clock_timestamp())
    on conflict (key) do update set (tries, last_at, open_at) = (
      select n.tries, clock_timestamp(), clock_timestamp() + make_interval(secs =>
        case when n.tries < ${free}::int then 0
          else least(${longestWaitS}::float8, ${firstWaitS}::float8 * power(2, least(n.tries - ${free}::int, 30))) end)
      from (select case when l.last_at < clock_timestamp() - make_interval(secs => ${forgottenAfterS}::float8)
        then 1 else l.tries + 1 end as tries) n)
    where l.open_at <= clock_timestamp()
    returning tries`)
  if (counted.length > 0) return undefined
  const [row] = await db.execute<{ wait: number }>(sql`
    select greatest(1, ceil(extract(epoch from open_at - clock_timestamp())))::int as wait
    from sign_in_limits where key = ${sql.param(key)}`)
  return row?.wait ?? 1
}

/** Forgets all tries of a key. */
export async function clearTries(db: Db, key: Uint8Array): Promise<void> {
  await db.execute(sql`delete from sign_in_limits where key = ${sql.param(key)}`)
}

/** Takes one try back, and the wait that it brought. */
export async function giveTryBack(db: Db, key: Uint8Array): Promise<void> {
  await db.execute(sql`
    update sign_in_limits set tries = greatest(0, tries - 1), open_at = last_at where key = ${sql.param(key)}`)
}

/** Removes what no curve remembers any more. */
export async function forgetOldTries(db: Db): Promise<void> {
  await db.execute(sql`delete from sign_in_limits where last_at < now() - interval '2 days'`)
}
