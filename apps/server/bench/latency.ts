import { median, quantile, untilWorked } from "./checks.ts"
import { createSender, requestOf, requestsOf } from "./load.ts"
import { startSink } from "./sink.ts"
import { openStage } from "./stage.ts"

const TICK_MS = 5

/**
 * (4) Open loop: so many events a second whether or not they are answered, each timed from when it should have
 * been sent to the end of DATA of its mail at the mail server. Four of five events are of customers who look around,
 * every fifth signs somebody up and so sends a mail. A load that is not taken is a failure.
 */
export const measureLatency = async (perSecond: number, seconds: number): Promise<void> => {
  const stage = await openStage()
  const sink = await startSink()
  const server = await stage.start("all", {
    VIAGGIO_SMTP_URL: sink.url,
    VIAGGIO_SMTP_CONNECTIONS: "20",
    VIAGGIO_SMTP_PER_SECOND: "100000",
  })
  const send = createSender(server.url)
  const scheduled = new Map<string, number>()
  const failures: number[] = []
  const open = new Set<Promise<unknown>>()
  let n = 0
  const began = Date.now() + 100
  const warmUpMs = 5_000
  const total = ((seconds * 1_000 + warmUpMs) / 1_000) * perSecond
  while (n < total) {
    const due = Math.min(total, Math.floor(((Date.now() - began) / 1_000) * perSecond))
    const batch: object[] = []
    for (; n < due; n += 1) {
      const at = began + (n / perSecond) * 1_000
      batch.push(...eventOf(n, at, n % 5 === 0 ? scheduled : undefined))
    }
    if (batch.length > 0) {
      const sending = send(requestOf(batch)).then(answer => {
        if (answer.status !== 200) failures.push(answer.status)
      })
      open.add(sending)
      void sending.finally(() => open.delete(sending))
    }
    await new Promise(resolve => setTimeout(resolve, TICK_MS))
  }
  await Promise.all(open)
  const wanted = [...scheduled].filter(([, at]) => at >= began + warmUpMs)
  for (let waits = 0; waits < 200 && wanted.some(([to]) => !sink.taken.has(to)); waits += 1)
    await new Promise(resolve => setTimeout(resolve, 50))
  const missing = wanted.filter(([to]) => !sink.taken.has(to)).length
  const lateness = wanted.flatMap(([to, at]) => (sink.taken.has(to) ? [sink.taken.get(to)! - at] : []))
  console.log(
    `${perSecond} events/s for ${seconds} s, ${wanted.length} mails: p50 ${median(lateness).toFixed(0)} ms, p99 ${quantile(lateness, 0.99).toFixed(0)} ms, longest ${Math.max(...lateness).toFixed(0)} ms; refused ${failures.length}, missing ${missing}`,
  )
  await stage.stop()
  await sink.stop()
  if (failures.length > 0 || missing > 0) throw new Error("load was dropped")
}

/** Who looks around is one of 500 customers, so that the engine meets people that it knows. */
const eventOf = (n: number, at: number, scheduled: Map<string, number> | undefined): object[] => {
  const timestamp = new Date(at).toISOString()
  if (scheduled === undefined) {
    const userId = `visitor-${n % 500}`
    return [
      {
        type: "track",
        userId,
        anonymousId: `a-${userId}`,
        event: "Product Viewed",
        timestamp,
        messageId: `v${n}`,
      },
    ]
  }
  const userId = `user-${n}`
  const email = `${userId}@example.com`
  scheduled.set(email, at)
  return [
    {
      type: "identify",
      userId,
      anonymousId: `a-${userId}`,
      timestamp,
      traits: { email, first_name: `Name${n}` },
      messageId: `i${n}`,
    },
    {
      type: "track",
      userId,
      anonymousId: `a-${userId}`,
      event: "Account Created",
      timestamp,
      messageId: `s${n}`,
    },
  ]
}

/** (5) So many waits due at one instant: from that instant to the last commit. */
export const measureTimers = async (customers: number): Promise<void> => {
  const { callsOf } = await import("./calls.ts")
  const { sql } = await import("drizzle-orm")
  const { sendAll } = await import("./load.ts")
  const stage = await openStage()
  const web = await stage.start("web")
  const worker = await stage.start("worker")
  const calls = callsOf(customers, Date.now()).filter(
    c => (c as { event?: string }).event !== "Order Completed",
  )
  await sendAll([web.url], requestsOf(calls, 100), 32)
  const db = stage.database.engine
  for (;;) {
    const [row] = await db.execute<{ n: number }>(
      sql`SELECT count(*)::int AS n FROM enrollments WHERE wake_at IS NOT NULL AND ended_at IS NULL`,
    )
    if (row!.n === customers) break
    await new Promise(resolve => setTimeout(resolve, 100))
  }
  await worker.stop()
  await db.execute(sql`UPDATE enrollments SET wake_at = clock_timestamp() + interval '8 seconds'`)
  await db.execute(sql`UPDATE enrollments SET wake_at = (SELECT max(wake_at) FROM enrollments)`)
  await db.execute(sql`VACUUM enrollments`)
  // Messages are written and wait in the outbox: sending them is measured by itself.
  await stage.start("worker", { VIAGGIO_SMTP_URL: "smtp://127.0.0.1:9" })
  const [due] = await db.execute<{ at: number; now: number }>(
    sql`SELECT extract(epoch FROM max(wake_at))::float8 AS at, extract(epoch FROM clock_timestamp())::float8 AS now FROM enrollments`,
  )
  if (due!.now > due!.at - 1) throw new Error("the workers were ready too late")
  await untilWorked(stage)
  const [last] = await db.execute<{ at: number }>(
    sql`SELECT extract(epoch FROM max(pg_xact_commit_timestamp(xmin)))::float8 AS at FROM steps`,
  )
  console.log(
    `${customers} timers due at one instant: ${(last!.at - due!.at).toFixed(2)} s to the last commit`,
  )
  await stage.stop()
}
