import type { EpochMs } from "@viaggio/journey-model"
import type { Db } from "../db/client.ts"
import type { Programs } from "../engine/programs.ts"
import type { Ports } from "../ports.ts"
import * as store from "./dispatch-store.ts"
import type { ClaimedRow, EffectHandlers, SendContext, SendingWorkspace, SendResult } from "./handler.ts"

/** Messages claimed at once. */
const ROUND = 1_000
const CLAIM_SECONDS = 120
/** A claim is not used in its last seconds: by then another process may have taken the message. */
const MARGIN_MS = 5_000
const POLL_MS = 1_000
const MOST_ATTEMPTS = 12
const FIRST_RETRY_MS = 1_000
const LONGEST_RETRY_MS = 15 * 60_000

export type Dispatcher = {
  start(): void
  stop(): Promise<void>
  /** There may be new messages. */
  wake(): void
  /** Sends until nothing of this test clock is open. */
  drain(clock: number): Promise<void>
}

export type DispatcherDeps = {
  db: Db
  ports: Ports
  programs: Programs
  handlers: EffectHandlers
  ownedBuckets(): number[]
  onSettled(versions: Set<number>): void
  log: { error(error: unknown, text: string): void }
}

/** Takes effects from the outbox, hands each to the handler of its channel and notes how it ended. */
export const createDispatcher = (deps: DispatcherDeps): Dispatcher => {
  let running: Promise<unknown> = Promise.resolve()
  let waiting = false
  let stopping = false
  let timer: NodeJS.Timeout | undefined

  /** One round at a time: claim, send, settle. Answers how many were claimed. */
  const round = async (): Promise<number> => {
    const buckets = deps.ownedBuckets()
    if (buckets.length === 0) return 0
    const claim = deps.ports.newId()
    const deadline = deps.ports.monotonicMs() + CLAIM_SECONDS * 1_000 - MARGIN_MS
    const rows = await store.claimMessages(deps.db, { buckets, most: ROUND, claim, seconds: CLAIM_SECONDS })
    if (rows.length === 0) return 0
    const workspaces = new Map(
      (await store.readWorkspaces(deps.db, { ids: [...new Set(rows.map(r => r.workspace_id))] })).map(w => [
        w.id,
        w,
      ]),
    )
    const programs = await deps.programs.get(rows.map(row => row.version_id))
    const results = new Array<SendResult>(rows.length)
    const queues = new Map<string, { atOnce: number; left: number[] }>()
    for (const [i, row] of rows.entries()) {
      const workspace = workspaces.get(row.workspace_id)!
      const handler = deps.handlers.get(row.channel)
      if (handler === undefined) {
        results[i] = { kind: "not tried" }
        continue
      }
      const provider = handler.providerOf(row, workspace)
      const queue = queues.get(provider) ?? { atOnce: handler.atOnce(provider), left: [] }
      queue.left.push(i)
      queues.set(provider, queue)
    }
    await Promise.all(
      [...queues.values()].flatMap(({ atOnce, left }) =>
        Array.from({ length: Math.min(atOnce, left.length) }, async () => {
          for (let i = left.shift(); i !== undefined; i = left.shift()) {
            const row = rows[i]!
            const workspace = workspaces.get(row.workspace_id)!
            results[i] = await sendOne(row, {
              workspace,
              published: programs.get(row.version_id),
              deadline,
            })
          }
        }),
      ),
    )
    await settle(claim, rows, results, workspaces)
    deps.onSettled(new Set(rows.map(row => row.version_id)))
    return rows.length
  }

  const sendOne = async (row: ClaimedRow, context: SendContext): Promise<SendResult> => {
    if (stopping || deps.ports.monotonicMs() > context.deadline) return { kind: "not tried" }
    return deps.handlers.get(row.channel)!.send(row, context)
  }

  const settle = (
    claim: string,
    rows: readonly ClaimedRow[],
    results: readonly SendResult[],
    workspaces: ReadonlyMap<number, SendingWorkspace>,
  ) => {
    const now = deps.ports.now()
    const outcomes = rows.map((row, i) => outcomeOf(row, results[i]!, now, workspaces.get(row.workspace_id)))
    return store.settleMessages(deps.db, {
      claim,
      buckets: rows.map(row => row.bucket),
      ids: rows.map(row => row.id),
      states: outcomes.map(o => o.state),
      attempts: rows.map((row, i) => row.attempts - (results[i]!.kind === "not tried" ? 1 : 0)),
      sent: outcomes.map(o => o.sent),
      tries: outcomes.map(o => o.again),
      errors: outcomes.map(o => o.error),
    })
  }

  const outcomeOf = (
    row: ClaimedRow,
    result: SendResult,
    now: EpochMs,
    workspace: SendingWorkspace | undefined,
  ) => {
    const instant = (at: EpochMs) => new Date(at).toISOString()
    if (result.kind === "sent") {
      const sentAt = workspace?.sandbox === true ? row.queued_at : now
      return { state: store.MessageCode.sent, sent: instant(sentAt), again: null, error: null }
    }
    if (result.kind === "not tried")
      return { state: store.MessageCode.queued, sent: null, again: null, error: null }
    if (result.kind === "refused" || row.attempts >= MOST_ATTEMPTS)
      return { state: store.MessageCode.refused, sent: null, again: null, error: result.error }
    const again = instant(now + backOffMs(row.attempts))
    return { state: store.MessageCode.queued, sent: null, again, error: result.error }
  }

  /** Twice as long each time, with a random half so that many do not come back at once. */
  const backOffMs = (attempts: number): number => {
    const whole = Math.min(FIRST_RETRY_MS * 2 ** (attempts - 1), LONGEST_RETRY_MS)
    const random = Buffer.from(deps.ports.randomBytes(2)).readUInt16BE() / 65_536
    return Math.round(whole / 2 + (whole / 2) * random)
  }

  const exclusive = <T>(task: () => Promise<T>): Promise<T> => {
    const result = running.then(task)
    running = result.catch(() => undefined)
    return result
  }

  const wake = () => {
    if (waiting || stopping) return
    waiting = true
    void exclusive(async () => {
      waiting = false
      try {
        while (!stopping && (await round()) > 0);
      } catch (error) {
        deps.log.error(error, "messages could not be dispatched and will be tried again")
      }
    })
  }

  return {
    wake,
    start() {
      timer = setInterval(wake, POLL_MS)
      timer.unref()
      wake()
    },
    async stop() {
      stopping = true
      clearInterval(timer)
      await running
      for (const handler of deps.handlers.values()) handler.close?.()
    },
    drain: clock =>
      exclusive(async () => {
        const buckets = deps.ownedBuckets()
        for (;;) {
          const [row] = await store.findOpen(deps.db, { buckets, clock })
          if (row?.open !== true) return
          if ((await round()) === 0) return
        }
      }),
  }
}
