import { assertConserved, type JourneyStats } from "@viaggio/journey-model"
import { sql } from "drizzle-orm"
import { createPrograms } from "../src/engine/programs.ts"
import { createStats } from "../src/monitor/stats.ts"
import { systemPorts } from "../src/ports.ts"
import type { Stage } from "./stage.ts"

/** Waits until nothing is left to work: every log to its end, nobody inside. */
export const untilWorked = async ({ database }: Stage, alsoSent = false): Promise<void> => {
  for (;;) {
    const [row] = await database.analytics.execute<{ behind: boolean; open: boolean; queued: boolean }>(sql`
      SELECT EXISTS (SELECT 1 FROM buckets b JOIN bucket_heads h USING (bucket) WHERE h.head_seq > b.cursor_seq) AS behind,
             coalesce((SELECT sum(n) FROM inside), 0) <> 0 AS open,
             EXISTS (SELECT 1 FROM messages WHERE state < 2) AS queued`)
    if (!row!.behind && !row!.open && !(alsoSent && row!.queued)) return
    await new Promise(resolve => setTimeout(resolve, 50))
  }
}

/** A run counts only when everybody went through with two messages, and every count adds up. */
export const checkRun = async (stage: Stage, customers: number): Promise<void> => {
  const db = stage.database.analytics
  const programs = createPrograms({ db, log: error => console.error(error) })
  const stats = createStats({ db, programs, ports: systemPorts() })
  const counts = (await stats.journey(stage.workspace, "bench", "all")) as unknown as JourneyStats
  assertConserved(counts)
  const [row] = await db.execute<{ messages: number; done: number; stuck: number }>(sql`
    SELECT (SELECT count(*) FROM messages)::int AS messages,
           (SELECT count(*) FROM enrollments WHERE ended_reason = 'done')::int AS done,
           (SELECT count(*) FROM stuck)::int AS stuck`)
  if (row!.done !== customers || row!.messages !== 2 * customers || row!.stuck !== 0)
    throw new Error(`the run is wrong: ${JSON.stringify(row)} of ${customers} customers`)
}

/** Steps of the log, and the seconds from the first commit to the last. */
export const stepRate = async ({ database }: Stage): Promise<{ steps: number; seconds: number }> => {
  const [row] = await database.engine.execute<{ steps: number; seconds: number }>(sql`
    SELECT sum(cardinality(nodes))::float8 AS steps,
           extract(epoch FROM max(pg_xact_commit_timestamp(xmin)) - min(pg_xact_commit_timestamp(xmin)))::float8 AS seconds
    FROM steps`)
  return row!
}

export const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

export const quantile = (values: readonly number[], q: number): number =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * q))] ?? Number.NaN
