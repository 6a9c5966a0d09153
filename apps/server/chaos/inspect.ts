import { setTimeout as pause } from "node:timers/promises"
import { sql } from "drizzle-orm"
import { pino } from "pino"
import { type Database, openDatabase } from "../src/db/client.ts"
import type { Engine } from "../src/engine/engine.ts"
import { systemPorts } from "../src/ports.ts"
import { createServices, type Services } from "../src/services.ts"
import { expectConserved } from "../testing/conservation.ts"
import { checkEvents, checkMail, checkSteps, type Faults } from "./checks.ts"
import { passage } from "./journey.ts"
import type { Shoppers } from "./shoppers.ts"
import type { Sink } from "./sink.ts"

/** How long all may take to come to rest after the last kill. */
const REST_WITHIN_MS = 120_000
const REST_MS = 1_000

type Context = { database: Database; services: Services; engine: Engine }

/** Our own look at the database; not during the kills, which are meant for others. */
const withServices = async <Result>(
  databaseUrl: string,
  adminKey: string,
  work: (context: Context) => Promise<Result>,
): Promise<Result> => {
  const database = await openDatabase({ url: databaseUrl, engineConnections: 2, analyticsConnections: 2 })
  try {
    const made = await createServices({
      database,
      databaseUrl,
      ports: systemPorts(),
      log: pino({ level: "silent" }),
      config: { adminKey },
      localUrl: "http://localhost",
    } as Parameters<typeof createServices>[0])
    return await work({ database, ...made })
  } finally {
    await database.close()
  }
}

/** Publishes the journey in the workspace of the administrator's key. */
export const publishPassage = (databaseUrl: string, adminKey: string): Promise<void> =>
  withServices(databaseUrl, adminKey, async ({ services }) => {
    const workspace = (await services.keys.accessOf(adminKey)) as never
    await services.journeys.save(workspace, passage.key, passage, { create: true })
    await services.journeys.publish(workspace, passage.key, {})
  })

export type Inspection = {
  entered: number
  merges: number
  messages: number
  doubles: number
  mostDoubles: number
  faults: Faults
}

/** Waits until nobody has anything to do, then compares what was promised with what is there. */
export const inspect = (
  databaseUrl: string,
  adminKey: string,
  { sink, shop, mostDoubles }: { sink: Sink; shop: Shoppers; mostDoubles: number },
): Promise<Inspection> =>
  withServices(databaseUrl, adminKey, async ({ database, services, engine }) => {
    const db = database.engine
    const faults = await comeToRest(database)
    const mail = await checkMail(db, sink.taken)
    faults.push(...mail.faults)
    if (mail.doubles > mostDoubles) faults.push(`${mail.doubles} mails twice, at most ${mostDoubles} may be`)
    faults.push(...(await checkEvents(db, shop.accepted, shop.done)), ...(await checkSteps(db, shop.done)))
    await expectConserved({ database: database as never, engine, workspaces: services.workspaces }).catch(
      error => faults.push(`the counters differ from the log: ${error.message}`),
    )
    const [sums] = await db.execute<{ entered: number; merges: number }>(
      sql`SELECT (SELECT count(*)::int FROM enrollments) AS entered,
                 (SELECT count(*)::int FROM merges WHERE state = 'done') AS merges`,
    )
    return { ...sums!, messages: mail.messages, doubles: mail.doubles, mostDoubles, faults }
  })

/** Says what is left when coming to rest takes too long. */
const comeToRest = async ({ engine: db }: Database): Promise<Faults> => {
  const untilMs = performance.now() + REST_WITHIN_MS
  let since = { left: "", at: performance.now() }
  for (;;) {
    const [row] = await db.execute<Record<string, number>>(sql`
      SELECT (SELECT count(*)::int FROM buckets b JOIN bucket_heads h USING (bucket)
              WHERE h.head_seq > b.cursor_seq) AS behind,
             (SELECT count(*)::int FROM enrollments WHERE ended_at IS NULL) AS inside,
             (SELECT count(*)::int FROM messages WHERE state < 2) AS messages,
             (SELECT count(*)::int FROM mail) AS mail,
             (SELECT count(*)::int FROM merges WHERE state IN ('requested', 'agreed', 'taken', 'landed')) AS merges,
             (SELECT count(*)::int FROM stuck) AS stuck`)
    const left = JSON.stringify(row)
    if (Object.values(row!).every(n => n === 0)) return []
    if (performance.now() > untilMs) return [`not at rest after ${REST_WITHIN_MS / 1_000} s: ${left}`]
    if (left !== since.left) since = { left, at: performance.now() }
    else if (performance.now() - since.at > REST_MS) await freeClaims(db)
    await pause(50)
  }
}

/**
 * Messages that a killed worker was sending are sent again when its claim ends, two minutes later, for it might only
 * be frozen. These here are dead; when nothing else moves any more, nobody has to wait for them.
 */
const freeClaims = (db: Database["engine"]) =>
  db.execute(
    sql`UPDATE messages SET claim_until = clock_timestamp() WHERE is_open AND claim_until IS NOT NULL`,
  )
