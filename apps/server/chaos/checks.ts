import { compile, type Program } from "@viaggio/journey-model"
import { sql } from "drizzle-orm"
import type { Db } from "../src/db/client.ts"
import { Measure } from "../src/engine/measures.ts"
import { passage } from "./journey.ts"
import type { Shopper } from "./shoppers.ts"

/** What was found wrong, one sentence each; empty when all is well. */
export type Faults = string[]

const few = (items: readonly unknown[]): string =>
  `${items.length}: ${items
    .slice(0, 3)
    .map(item => JSON.stringify(item))
    .join(", ")}`

/** Every event answered with 200 is in the log, and each person's digest counts it once, also after a merge. */
export const checkEvents = async (
  db: Db,
  accepted: ReadonlySet<string>,
  shoppers: readonly Shopper[],
): Promise<Faults> => {
  const faults: Faults = []
  const rows = await db.execute<{ id: string }>(sql`SELECT DISTINCT message_id AS id FROM events`)
  const stored = new Set(rows.map(row => row.id))
  const lost = [...accepted].filter(id => !stored.has(id))
  if (lost.length > 0) faults.push(`events that were answered with 200 are not in the log, ${few(lost)}`)
  const digests = await db.execute<{
    user: string
    counts: Record<string, number> | null
    people: number
  }>(sql`
    SELECT i.value AS user,
           (SELECT jsonb_object_agg(n.name, d.count) FROM profile_events d JOIN event_names n ON n.id = d.name_id
            WHERE d.bucket = i.profile_bucket AND d.profile_id = i.profile_id) AS counts,
           (SELECT count(DISTINCT o.profile_id)::int FROM identities o
            WHERE o.kind = 5 AND o.value IN (i.value || '-phone', i.value || '-laptop')
              AND o.profile_id <> i.profile_id) AS people
    FROM identities i WHERE i.kind = 1`)
  const byUser = new Map(digests.map(row => [row.user, row]))
  const wrong = shoppers.filter(({ userId, counts }) => {
    const found = byUser.get(userId)?.counts ?? {}
    return Object.keys({ ...counts, ...found }).some(name => counts[name] !== found[name])
  })
  if (wrong.length > 0)
    faults.push(
      `people whose events are not counted once, ${few(
        wrong.map(({ userId, counts }) => ({ userId, counts, found: byUser.get(userId)?.counts })),
      )}`,
    )
  const apart = shoppers.filter(({ userId }) => byUser.get(userId)?.people !== 0)
  if (apart.length > 0) faults.push(`people who were not merged, ${few(apart.map(a => a.userId))}`)
  return faults
}

/** Every entry let somebody in once or was counted as refused, and every passage is one unbroken way along the edges to its end. */
export const checkSteps = async (db: Db, shoppers: readonly Shopper[]): Promise<Faults> => {
  const faults: Faults = []
  const compiled = compile(passage)
  if (!compiled.ok) throw new Error("the journey does not compile")
  const entered = await db.execute<{ id: string; times: number }>(
    sql`SELECT entry ->> 'messageId' AS id, count(*)::int AS times FROM enrollments GROUP BY 1`,
  )
  const times = new Map(entered.map(row => [row.id, row.times]))
  const due = shoppers.flatMap(shopper => shopper.entries)
  const doubled = due.filter(id => (times.get(id) ?? 0) > 1)
  if (doubled.length > 0) faults.push(`entries that let in more than once, ${few(doubled)}`)
  const outside = shoppers.filter(({ entries }) => !entries.some(id => times.has(id)))
  if (outside.length > 0) faults.push(`people who never came in, ${few(outside.map(o => o.userId))}`)
  // Somebody whose profiles are one before all of their events are worked comes in once only; that is counted too.
  const [refused] = await db.execute<{ n: number }>(
    sql`SELECT coalesce(sum(n), 0)::int AS n FROM counter_totals WHERE measure = ${Measure.notAdmittedReentry}`,
  )
  if (times.size + refused!.n !== due.length)
    faults.push(`${due.length} entries: ${times.size} let in, ${refused!.n} were refused as a second one`)
  const paths = await db.execute<Path>(sql`
    SELECT e.id, e.ended_reason AS ended, coalesce(array_agg(l.visit ORDER BY l.visit, l.seq), '{}') AS visits,
           coalesce(array_agg(l.node ORDER BY l.visit, l.seq), '{}') AS nodes,
           coalesce(array_agg(l.outcome ORDER BY l.visit, l.seq), '{}') AS outcomes
    FROM enrollments e LEFT JOIN step_log l ON l.enrollment_id = e.id GROUP BY 1, 2`)
  const broken = paths.filter(path => !isWhole(compiled.value, path))
  if (broken.length > 0) faults.push(`passages that are not one way to one end, ${few(broken)}`)
  return faults
}

type Path = { id: string; ended: string | null; visits: number[]; nodes: number[]; outcomes: number[] }

const isWhole = (program: Program, { ended, visits, nodes, outcomes }: Path): boolean =>
  ended !== null &&
  nodes.length > 0 &&
  nodes.every((node, i) => {
    const isLast = i === nodes.length - 1
    const target = outcomes[i]! < 0 ? undefined : program.nodes[node]!.targets[outcomes[i]!]
    return (
      visits[i] === i + 1 &&
      (i > 0 || node === program.entry) &&
      (isLast ? target === undefined : target === nodes[i + 1])
    )
  })

export type MailCount = { messages: number; doubles: number }

/** Every step at an e-mail made one message, and the mail server has each at least once. */
export const checkMail = async (
  db: Db,
  taken: ReadonlyMap<string, number>,
): Promise<MailCount & { faults: Faults }> => {
  const faults: Faults = []
  const mails = passage.nodes.flatMap((node, i) => (node.type === "email" ? [i] : []))
  const [steps] = await db.execute<{ n: number }>(
    sql`SELECT count(*)::int AS n FROM step_log WHERE node IN (${sql.join(mails, sql`, `)}) AND outcome = 0`,
  )
  const messages = await db.execute<{ id: string; state: number; error: string | null }>(
    sql`SELECT id, state, error FROM messages`,
  )
  if (steps!.n !== messages.length)
    faults.push(`${steps!.n} steps sent a mail, and the outbox has ${messages.length}`)
  const notSent = messages.filter(message => message.state !== 2)
  if (notSent.length > 0) faults.push(`messages that did not leave, ${few(notSent)}`)
  const missing = messages.filter(message => !taken.has(message.id))
  if (missing.length > 0) faults.push(`messages that the mail server never got, ${few(missing)}`)
  const known = new Set(messages.map(message => message.id))
  const strange = [...taken.keys()].filter(id => !known.has(id))
  if (strange.length > 0) faults.push(`mails of which nobody knows, ${few(strange)}`)
  const doubles = [...taken.values()].reduce((sum, n) => sum + n - 1, 0)
  return { messages: messages.length, doubles, faults }
}
