import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import type { Sql } from "postgres"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { createTestDatabase, type TestDatabase } from "../../testing/database.ts"
import { packageRoot } from "../package-root.ts"
import { connect } from "./connect.ts"
import { statementTexts } from "./statement.ts"

/** Columns that say in which of the 32 places a row lives. */
const PLACES = ["bucket", "slot", "from_bucket", "loser_bucket", "survivor_bucket", "profile_bucket"]

let database: TestDatabase
let client: Sql
/** One row per place, which every process reads whole. */
const directories = new Set(["buckets", "bucket_heads"])
/** Tables whose key begins with a place, partitions under the name of their whole, by the name of each index. */
let tableOfIndex: Map<string, string>
let placed: Set<string>

beforeAll(async () => {
  const source = join(packageRoot(), "src")
  const files = readdirSync(source, { recursive: true, encoding: "utf8" })
  for (const file of files.filter(name => /(^|[/-])store\.ts$/.test(name))) await import(join(source, file))
  database = await createTestDatabase()
  client = connect(database.url, {
    max: 1,
    // As in the engine's pool; a scan of a whole table is shown only where no index would do.
    connection: { enable_seqscan: "off", enable_hashjoin: "off", enable_mergejoin: "off", jit: "off" },
  })
  const rows = await client<
    { index: string; relation: string; whole: string; leads: string; primary: boolean }[]
  >`
    SELECT i.relname AS index, t.relname AS relation, coalesce(w.relname, t.relname) AS whole,
           a.attname AS leads, x.indisprimary AS primary
    FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid
    JOIN pg_namespace n ON n.oid = t.relnamespace AND n.nspname = 'public'
    LEFT JOIN pg_inherits h ON h.inhrelid = t.oid LEFT JOIN pg_class w ON w.oid = h.inhparent
    LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = x.indkey[0]`
  tableOfIndex = new Map(rows.map(row => [row.index, row.whole]))
  placed = new Set(
    rows
      .filter(row => row.primary && PLACES.includes(row.leads) && !directories.has(row.relation))
      .flatMap(row => [row.relation, row.whole]),
  )
})
afterAll(async () => {
  await client.end()
  await database.drop()
})

type Plan = {
  "Node Type": string
  "Relation Name"?: string
  "Index Name"?: string
  "Index Cond"?: string
  Plans?: Plan[]
}

/** Why a plan leaves its place: the reads of placed tables that name none. */
const strayReads = (plan: Plan): string[] => {
  const own: string[] = []
  const index = plan["Index Name"]
  const table = index === undefined ? undefined : tableOfIndex.get(index)
  const condition = plan["Index Cond"] ?? ""
  const namesPlace = PLACES.some(place => new RegExp(`\\b${place} =`).test(condition))
  if (table !== undefined && placed.has(table) && !namesPlace)
    own.push(`${table} by ${index} on ${condition || "nothing"}`)
  const relation = plan["Relation Name"]
  if (plan["Node Type"] === "Seq Scan" && relation !== undefined && placed.has(relation))
    own.push(`${relation} from end to end`)
  return [...new Set([...own, ...(plan.Plans ?? []).flatMap(strayReads)])]
}

const explain = async (text: string): Promise<Plan> => {
  const [row] = await client.unsafe(`EXPLAIN (GENERIC_PLAN, FORMAT JSON) ${text}`).simple()
  return (row!["QUERY PLAN"] as [{ Plan: Plan }])[0].Plan
}

/** The statements of ARCHITECTURE.md's table that may leave their place; `*` stands for any ending. */
const exceptions = (): string[] => {
  const text = readFileSync(join(packageRoot(), "..", "..", "ARCHITECTURE.md"), "utf8")
  const section = /## Statements that touch more than one bucket\n([\s\S]*?)\n## /.exec(text)?.[1] ?? ""
  const cells = section.split("\n").flatMap(line => /^\|.*\|.*\|(.*)\|$/.exec(line)?.[1] ?? [])
  return cells.flatMap(cell => [...cell.matchAll(/`([a-z_]+\*?)`/g)].map(match => match[1]!))
}
const fits = (pattern: string, name: string) =>
  pattern.endsWith("*") ? name.startsWith(pattern.slice(0, -1)) : name === pattern

describe("every prepared statement, on tables with several partitions", () => {
  it("finds them all", async () => {
    expect(statementTexts.size).toBeGreaterThan(150)
    expect([...placed]).toEqual(
      expect.arrayContaining(["events", "steps", "enrollments", "profiles", "messages"]),
    )
    const [parts] =
      await client`SELECT count(*)::int AS n FROM pg_inherits WHERE inhparent = 'events'::regclass`
    expect(parts!.n).toBeGreaterThan(2)
  })

  it("names its bucket or slot wherever it reads customers' data, or stands in ARCHITECTURE.md", async () => {
    const stray: Record<string, string[]> = {}
    for (const [name, text] of statementTexts) {
      const reads = strayReads(await explain(text))
      if (reads.length > 0) stray[name] = reads
    }
    const allowed = exceptions()
    const unlisted = Object.entries(stray).filter(([name]) => !allowed.some(pattern => fits(pattern, name)))
    expect(Object.fromEntries(unlisted)).toEqual({})
    const stale = allowed.filter(pattern => !Object.keys(stray).some(name => fits(pattern, name)))
    expect(stale, "named in ARCHITECTURE.md without need").toEqual([])
  })

  it("would notice one that does not", async () => {
    const whole = await explain("SELECT count(*) FROM enrollments WHERE ended_reason = $1::text")
    expect(strayReads(whole)).not.toEqual([])
    const placedRead = await explain(
      "SELECT * FROM enrollments WHERE bucket = $1::smallint AND id = $2::uuid",
    )
    expect(strayReads(placedRead)).toEqual([])
  })
})
