import type { AddressInfo } from "node:net"
import { sql } from "drizzle-orm"
import { SMTPServer, type SMTPServerOptions } from "smtp-server"
import { afterAll, describe, expect, it } from "vitest"
import { expectConserved } from "../../testing/conservation.ts"
import { welcome } from "../../testing/journeys.ts"
import { type ServerProcess, startProcess } from "../../testing/process.ts"
import { type Running, startRunning } from "../../testing/running.ts"
import { until } from "../../testing/until.ts"

const cleanUps: (() => Promise<unknown>)[] = []
afterAll(async () => {
  for (const cleanUp of cleanUps.reverse()) await cleanUp()
}, 120_000)

/** How long a process stays frozen: longer than a lease; by hand also longer (docs/decisions). */
const FROZEN_MS = Number(process.env.TEST_FROZEN_SECONDS ?? 0) * 1_000

type Sink = { url: string; messageIds: string[] }

/** A mail server that a test can hold in the middle of something. */
const startSink = async (
  hooks: Pick<SMTPServerOptions, "onConnect"> & { onBody?(): Promise<void> },
): Promise<Sink> => {
  const messageIds: string[] = []
  const server = new SMTPServer({
    disabledCommands: ["STARTTLS", "AUTH"],
    ...(hooks.onConnect === undefined ? {} : { onConnect: hooks.onConnect }),
    onData: (stream, _session, done) => {
      let text = ""
      stream.on("data", chunk => {
        text += String(chunk)
      })
      stream.on("end", async () => {
        await hooks.onBody?.()
        messageIds.push(/^Message-ID: (\S+)/im.exec(text)?.[1] ?? "")
        done()
      })
    },
  })
  server.on("error", () => {})
  await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve))
  cleanUps.push(() => new Promise<void>(resolve => server.close(resolve)))
  return { url: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`, messageIds }
}

const startWorker = async (running: Running, sink?: Sink): Promise<ServerProcess> => {
  const worker = await startProcess({
    databaseUrl: running.database.url,
    environment: {
      VIAGGIO_ROLE: "worker",
      VIAGGIO_PUBLIC_URL: "http://localhost:3000",
      ...(sink === undefined ? {} : { VIAGGIO_SMTP_URL: sink.url, VIAGGIO_SMTP_CONNECTIONS: "1" }),
    },
  })
  cleanUps.push(() => worker.stop())
  return worker
}

const startIdle = async (): Promise<Running> => {
  const running = await startRunning({ idle: true })
  cleanUps.push(() => running.stop())
  return running
}

const owners = async (running: Running): Promise<string[]> =>
  (
    await running.database.engine.execute<{ owner: string }>(
      sql`SELECT DISTINCT owner FROM buckets WHERE owner IS NOT NULL`,
    )
  ).map(row => row.owner)

/** Stops a process, waits until others have all of its buckets, and lets it wake. */
const freeze = async (running: Running, worker: ServerProcess, other: () => Promise<ServerProcess>) => {
  const [owner] = await owners(running)
  worker.signal("SIGSTOP")
  const since = performance.now()
  await other()
  await until(async () => !(await owners(running)).includes(owner!))
  const takenAfterMs = performance.now() - since
  await until(() => performance.now() - since >= FROZEN_MS)
  return { takenAfterMs, wake: () => worker.signal("SIGCONT") }
}

const people = (count: number) =>
  Array.from({ length: count }, (_, i) => [
    { type: "identify", userId: `u${i}`, traits: { email: `u${i}@example.com` } },
    { type: "track", userId: `u${i}`, event: "Account Created" },
  ]).flat()

const counts = async (running: Running) => {
  const [row] = await running.database.engine.execute<{ entered: number; steps: number; sent: number }>(sql`
    SELECT (SELECT count(*)::int FROM enrollments) AS entered, (SELECT count(*)::int FROM step_log) AS steps,
           (SELECT count(*)::int FROM messages WHERE state = 2) AS sent`)
  return row
}

/** Awake it takes buckets again, all is worked, and it has written what it had in mind when it stops. */
const wakeAndStop = async (running: Running, worker: ServerProcess, wake: () => void) => {
  wake()
  await until(async () => (await owners(running)).length === 2)
  await running.settle()
  await worker.stop()
  expect(await worker.gone).toEqual({ code: 0, signal: null })
}

describe.concurrent("a worker that is frozen", () => {
  it("inside the transaction: the others go on within seconds, and it can write nothing when it wakes", async () => {
    const running = await startIdle()
    const workspace = await running.live()
    await running.publish(workspace, welcome)
    const worker = await startWorker(running)
    await until(async () => (await owners(running)).length === 1)
    const db = running.database.engine
    await db.transaction(async tx => {
      await tx.execute(sql`LOCK TABLE enrollments IN SHARE MODE`)
      await running.send(workspace, people(40))
      await until(async () => {
        const [row] = await tx.execute<{ n: number }>(
          sql`SELECT count(*)::int AS n FROM pg_locks WHERE NOT granted AND relation = 'enrollments'::regclass
              AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
        )
        return row!.n > 0
      })
      worker.signal("SIGSTOP")
    })
    const frozen = await freeze(running, worker, () => startWorker(running))
    expect(frozen.takenAfterMs).toBeLessThan(20_000)
    await running.settle()
    const before = await counts(running)
    expect(before).toEqual({ entered: 40, steps: 80, sent: 40 })
    await wakeAndStop(running, worker, frozen.wake)
    expect(await counts(running)).toEqual(before)
    await expectConserved(running)
  })

  it("between commit and send: each message leaves once", async () => {
    const running = await startIdle()
    const workspace = await running.live()
    await running.publish(workspace, welcome)
    let greet: (() => void) | undefined
    // The first who connects is greeted late: what it claimed is committed, and nothing of it is written.
    const sink = await startSink({
      onConnect: (_session, done) => {
        if (greet === undefined) greet = () => done()
        else done()
      },
    })
    const worker = await startWorker(running, sink)
    await running.send(workspace, people(5))
    await until(() => greet !== undefined)
    const { wake } = await freeze(running, worker, () => startWorker(running, sink))
    greet!()
    await wakeAndStop(running, worker, wake)
    expect(await counts(running)).toEqual({ entered: 5, steps: 10, sent: 5 })
    expect(new Set(sink.messageIds).size).toBe(5)
    expect(sink.messageIds).toHaveLength(5)
    await expectConserved(running)
  })

  it("during a send: what was under way is told once, and not sent again while its claim lasts", async () => {
    const running = await startIdle()
    const workspace = await running.live()
    await running.publish(workspace, welcome)
    let arrived = 0
    let answer: (() => void) | undefined
    const sink = await startSink({
      onBody: () => {
        arrived += 1
        return arrived > 1 ? Promise.resolve() : new Promise<void>(resolve => (answer = resolve))
      },
    })
    const worker = await startWorker(running, sink)
    await running.send(workspace, people(5))
    await until(() => answer !== undefined)
    const { wake } = await freeze(running, worker, () => startWorker(running, sink))
    answer!()
    await wakeAndStop(running, worker, wake)
    expect(await counts(running)).toEqual({ entered: 5, steps: 10, sent: 5 })
    expect(new Set(sink.messageIds).size).toBe(5)
    // Frozen past the mail client's own patience it may send once more, with the same Message-ID.
    expect(sink.messageIds.length - 5).toBeLessThanOrEqual(FROZEN_MS > 30_000 ? 1 : 0)
    await expectConserved(running)
  })
}, 180_000)
