import { fileURLToPath } from "node:url"
import { sql } from "drizzle-orm"
import { measureAudience } from "./audience.ts"
import { measureLatency, measureTimers } from "./latency.ts"
import { measureDoor, measureFlames, measureRates, measureTogether } from "./rates.ts"
import type { Stage } from "./stage.ts"

const customers = Number(process.env.BENCH_CUSTOMERS ?? 20_000)
const runs = Number(process.env.BENCH_RUNS ?? 5)

/** 10,000,000 events and 1,000,000 finished enrollments of customers who will not come again. */
const past = async ({ database, workspace }: Stage): Promise<void> => {
  const db = database.engine
  const events = Number(process.env.BENCH_PAST_EVENTS ?? 10_000_000)
  const slice = 500_000
  await db.execute(
    sql`INSERT INTO event_names (workspace_id, name) VALUES (${workspace.id}, 'Product Viewed') ON CONFLICT DO NOTHING`,
  )
  for (let done = 0; done < events; done += slice) {
    await db.execute(sql`
      INSERT INTO events (recorded_on, bucket, seq, workspace_id, profile_id, kind, name_id, occurred_at, received_at, message_id, body)
      SELECT current_date, g % 32, 1 + g / 32, ${workspace.id}, ('00000000-0000-7000-8000-' || lpad(to_hex(g / 10), 12, '0'))::uuid, 2,
             (SELECT min(id) FROM event_names), now() - interval '2 days', now() - interval '2 days', 'past-' || g,
             '{"properties":{"path":"/a/page","price":12.5}}'
      FROM generate_series(${done}::bigint, ${done + slice - 1}::bigint) g`)
  }
  await db.execute(
    sql`UPDATE bucket_heads SET head_seq = ${Math.ceil(events / 32) + 1}, head_on = current_date`,
  )
  await db.execute(
    sql`UPDATE buckets SET cursor_seq = ${Math.ceil(events / 32) + 1}, cursor_on = current_date`,
  )
  await db.execute(sql`
    INSERT INTO enrollments (bucket, id, workspace_id, journey_id, version_id, profile_id, clock, node, visit, entered_at,
                             arrived_at, entry, ended_at, ended_reason)
    SELECT g % 32, gen_random_uuid(), ${workspace.id}, 0, 0, gen_random_uuid(), 0, 1, 7, now() - interval '30 days',
           now() - interval '20 days', '{"name":"Account Created","at":0,"messageId":"past"}', now() - interval '20 days', 'over'
    FROM generate_series(1, ${events / 10}) g`)
  await db.execute(sql`CHECKPOINT`)
}

const benches: { [name: string]: () => Promise<void> } = {
  rates: () => measureRates({ customers, runs, workers: [1, 2, 4] }),
  door: () => measureDoor(customers, runs),
  together: () => measureTogether(customers, runs),
  latency: async () => {
    const seconds = Number(process.env.BENCH_SECONDS ?? 60)
    await measureLatency(500, seconds)
    await measureLatency(2_000, seconds)
  },
  timers: () => measureTimers(100_000),
  fsync: () => measureRates({ customers, runs, workers: [2], fsyncMs: 2 }),
  flames: () => measureFlames(customers, fileURLToPath(new URL("../../../docs/pictures", import.meta.url))),
  audience: () => measureAudience(runs),
  past: () => measureRates({ customers, runs: Math.min(runs, 3), workers: [2], past }),
}

const wanted = process.argv.slice(2).filter(name => !name.startsWith("--"))
const unknown = wanted.filter(name => !(name in benches))
if (unknown.length > 0)
  throw new Error(`no bench is called ${unknown.join(", ")}; there are ${Object.keys(benches).join(", ")}`)
for (const [name, bench] of Object.entries(benches)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  console.log(`\n${name}`)
  await bench()
}
