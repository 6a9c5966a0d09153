import { assertConserved } from "@viaggio/journey-model"
import { sql } from "drizzle-orm"
import { expect } from "vitest"
import type { Running } from "./running.ts"

/**
 * Holds the counters of every journey to the identity, and to a count of their own from the step log and the
 * enrollments (over all buckets: a person who merges takes enrollments along), and to the hourly check. Called after
 * every test that runs an engine.
 */
export const expectConserved = async ({
  database,
  engine,
  workspaces,
}: Pick<Running, "database" | "engine"> & {
  workspaces: Pick<Running["workspaces"], "find">
}): Promise<void> => {
  const db = database.engine
  const journeys = await db.execute<{ workspace_id: number; key: string }>(
    sql`SELECT workspace_id, key FROM journeys WHERE live_version IS NOT NULL`,
  )
  for (const { workspace_id, key } of journeys) {
    const workspace = (await workspaces.find(workspace_id))!
    assertConserved((await engine.stats.journey(workspace, key, "all")) as never)
  }
  const differences = await db.execute(sql`
    WITH log AS (
      SELECT bucket, version_id, node, outcome AS measure, count(*) AS n FROM step_log GROUP BY 1, 2, 3, 4
    ), counted AS (
      SELECT bucket, version_id, node, measure, n FROM counter_totals WHERE measure < 1000 AND n <> 0
    ), standing AS (
      SELECT version_id, node, count(*) AS n FROM enrollments WHERE ended_at IS NULL GROUP BY 1, 2
    ), inside_counted AS (
      SELECT version_id, node, sum(n) AS n FROM inside GROUP BY 1, 2 HAVING sum(n) <> 0
    )
    SELECT 'steps' AS what, l.*, c.n AS counted FROM log l FULL JOIN counted c USING (bucket, version_id, node, measure)
      WHERE l.n IS DISTINCT FROM c.n
    UNION ALL
    SELECT 'inside', 0, s.version_id, s.node, 0, s.n, c.n FROM standing s
      FULL JOIN inside_counted c USING (version_id, node) WHERE s.n IS DISTINCT FROM c.n`)
  expect([...differences]).toEqual([])
  expect(await engine.counters.check()).toMatchObject({ differences: [] })
}
