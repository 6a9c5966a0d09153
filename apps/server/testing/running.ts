import type { Journey, JourneyStats } from "@viaggio/journey-model"
import { sql } from "drizzle-orm"
import type { SmtpOptions } from "../src/channels/smtp.ts"
import type { EmailTransport, OutgoingEmail } from "../src/channels/transport.ts"
import { type Database, openDatabase } from "../src/db/client.ts"
import { createEngine, type Engine } from "../src/engine/engine.ts"
import { type Incoming, type Rejection, readCall } from "../src/ingest/message.ts"
import { createJourneys } from "../src/journeys/service.ts"
import { type Ports, systemPorts } from "../src/ports.ts"
import { createWorkspaces } from "../src/workspaces/service.ts"
import type { Workspace } from "../src/workspaces/workspace.ts"
import { createTestDatabase, type TestDatabase } from "./database.ts"
import { until } from "./until.ts"

/** An engine on a database of its own, and what a test does to it. */
export type Running = {
  database: TestDatabase
  engine: Engine
  workspaces: ReturnType<typeof createWorkspaces>
  /** What left by the transport that stands in for the mail server. */
  sent: OutgoingEmail[]
  errors: unknown[]
  sandbox(startAt: number): Promise<Workspace>
  live(): Promise<Workspace>
  publish(workspace: Workspace, journey: Journey): Promise<number>
  /** Sends calls in Segment's format through the door, as one batch. */
  send(
    workspace: Workspace,
    calls: object[],
  ): Promise<{ accepted: number; duplicates: number; rejected: number }>
  advance(workspace: Workspace, to: number): Promise<void>
  /** Whether every log is worked to its end, and what came of it has left. */
  isSettled(): Promise<boolean>
  settle(): Promise<void>
  stats(workspace: Workspace, key: string): Promise<JourneyStats>
  /** Starts another engine on the same database, as another process would, with connections of its own. */
  beside(options?: { release?: string }): Promise<{ engine: Engine; stop(): Promise<void> }>
  /** Runs another engine instead of the present one, on a database that may be made to fail. */
  replace(database: Database): Promise<void>
  /** Stops the engine without a word to the database, as a kill would, and starts another one. */
  restart(release?: string): Promise<void>
  stop(): Promise<void>
}

/**
 * `idle`: the engine takes events in and answers, but works nothing. `smtp`: messages of real workspaces go there
 * instead of into `sent`. `webhooks`: how calls of real workspaces reach the world. `on`: a database that is there
 * already. `sentJournal`: where what is sent is noted.
 */
export const startRunning = async ({
  idle = false,
  smtp,
  webhooks,
  on,
  sentJournal,
  ports = systemPorts(),
}: {
  idle?: boolean
  smtp?: SmtpOptions
  webhooks?: NonNullable<Parameters<typeof createEngine>[0]["webhooks"]>
  on?: TestDatabase
  sentJournal?: { dataFolder: string; installation: string }
  ports?: Ports
} = {}): Promise<Running> => {
  const database = on ?? (await createTestDatabase())
  const workspaces = createWorkspaces({ db: database.engine, ports })
  const sent: OutgoingEmail[] = []
  const errors: unknown[] = []
  const transport: EmailTransport = {
    atOnce: 100,
    close: () => {},
    send: async email => {
      sent.push(email)
      return { kind: "sent" }
    },
  }
  const make = (on: Database = database, release = "test") =>
    createEngine({
      database: on,
      databaseUrl: database.url,
      ports,
      release,
      publicUrl: "https://journeys.example.com",
      linkSecret: "a secret of tests",
      ...(webhooks && { webhooks }),
      ...(sentJournal && { sentJournal }),
      ...(smtp === undefined ? { transport } : { smtp }),
      workspaceOf: id => workspaces.find(id),
      log: { error: details => void errors.push(details), warn: details => void errors.push(details) },
    })
  let engine = make()
  if (!idle) await engine.start()
  const journeys = createJourneys({ db: database.engine, ports })
  const make1 = (sandbox: boolean, startAt?: number) =>
    workspaces.createBeside({ id: 0 } as Workspace, {
      name: "Test",
      zone: "Europe/Rome",
      language: "en",
      sandbox,
      ...(startAt === undefined ? {} : { startAt }),
    })

  const running: Running = {
    database,
    get engine() {
      return engine
    },
    workspaces,
    sent,
    errors,
    sandbox: startAt => make1(true, startAt),
    live: () => make1(false),
    async publish(workspace, journey) {
      await journeys.save(workspace, journey.key, journey, { create: true })
      const { version } = await journeys.publish(workspace, journey.key, {})
      engine.redefined()
      return version
    },
    async send(workspace, calls) {
      const read = calls.map((call, i) => readCall(call, i, `fallback-${i}-${ports.newId()}`))
      const events = read.filter((r): r is Incoming => !("field" in r))
      const receipts = await engine.coalescer.append(
        events.map(event => ({ workspace: workspace.id, sandbox: workspace.sandbox, event })),
      )
      return {
        accepted: receipts.filter(r => r.kind === "accepted").length,
        duplicates: receipts.filter(r => r.kind === "duplicate").length,
        rejected:
          receipts.filter(r => r.kind === "rejected").length +
          read.filter((r): r is Rejection => "field" in r).length,
      }
    },
    async advance(workspace, to) {
      const answer = await engine.clock.advance(workspace, to)
      if (!answer.done) throw new Error("the advance was cut short")
    },
    async isSettled() {
      const [row] = await database.engine.execute<{ behind: number }>(
        sql`SELECT count(*)::int AS behind FROM buckets b JOIN bucket_heads h ON h.bucket = b.bucket
            WHERE h.head_seq > b.cursor_seq OR h.bulk_seq > b.bulk_seq
               OR EXISTS (SELECT FROM lagging l WHERE l.bucket = b.bucket)`,
      )
      const [open] = await database.engine.execute<{ open: number }>(
        sql`SELECT (SELECT count(*) FROM messages WHERE state < 2)::int
                 + (SELECT count(*) FROM run_jobs WHERE done_at IS NULL)::int
                 + (SELECT count(*) FROM mail)::int
                 + (SELECT count(*) FROM merges WHERE state IN ('requested', 'agreed', 'taken', 'landed'))::int AS open`,
      )
      return row!.behind === 0 && open!.open === 0
    },
    settle: () => until(running.isSettled),
    stats: (workspace, key) =>
      engine.stats.journey(workspace, key, "all") as unknown as Promise<JourneyStats>,
    async beside({ release } = {}) {
      const own = await openDatabase({ url: database.url, engineConnections: 6, analyticsConnections: 2 })
      const other = make(own, release)
      await other.start()
      return {
        engine: other,
        async stop() {
          await other.stop()
          await own.close()
        },
      }
    },
    async replace(on) {
      await engine.stop()
      engine = make(on)
      await engine.start()
    },
    async restart(release) {
      await engine.stop()
      engine = make(database, release)
      await engine.start()
    },
    async stop() {
      await engine.stop()
      await database.drop()
    },
  }
  return running
}
