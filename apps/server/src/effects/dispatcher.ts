import type { EpochMs } from "@viaggio/journey-model"
import type { EmailTransport, SendResult } from "../channels/transport.ts"
import type { MessageLinks } from "../content/links.ts"
import { renderMessage } from "../content/render.ts"
import type { Db } from "../db/client.ts"
import type { Programs } from "../engine/programs.ts"
import type { Ports } from "../ports.ts"
import * as store from "./dispatch-store.ts"

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

/** `not tried`: the claim or the process has no time left, which is no fault of the message. */
type Attempt = SendResult | { kind: "not tried" }

export type DispatcherDeps = {
  db: Db
  ports: Ports
  programs: Programs
  links: MessageLinks
  /** Where messages of real workspaces go; those of sandboxes never leave. */
  transport: EmailTransport
  mailbox: EmailTransport
  ownedBuckets(): number[]
  onSettled(versions: Set<number>): void
  log: { error(error: unknown, text: string): void }
  /** Address used where a workspace has set no sender. */
  fallbackSender: string
}

/** Takes messages from the outbox, renders them, hands them to their transport and notes the answer. */
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
    const senders = new Map(
      (await store.readSenders(deps.db, { ids: [...new Set(rows.map(r => r.workspace_id))] })).map(s => [
        s.id,
        s,
      ]),
    )
    const programs = await deps.programs.get(rows.map(row => row.version_id))
    const results = new Array<Attempt>(rows.length)
    const queues = [
      { transport: deps.mailbox, left: [] as number[] },
      { transport: deps.transport, left: [] as number[] },
    ]
    for (const [i, row] of rows.entries())
      queues[senders.get(row.workspace_id)?.sandbox === false ? 1 : 0]!.left.push(i)
    await Promise.all(
      queues.flatMap(({ transport, left }) =>
        Array.from({ length: Math.min(transport.atOnce, left.length) }, async () => {
          for (let i = left.shift(); i !== undefined; i = left.shift()) {
            const row = rows[i]!
            results[i] = await sendOne(row, transport, senders.get(row.workspace_id), programs, deadline)
          }
        }),
      ),
    )
    await settle(claim, rows, results, senders)
    deps.onSettled(new Set(rows.map(row => row.version_id)))
    return rows.length
  }

  const sendOne = async (
    row: store.ClaimedRow,
    transport: EmailTransport,
    sender: store.SenderRow | undefined,
    programs: Awaited<ReturnType<Programs["get"]>>,
    deadline: number,
  ): Promise<Attempt> => {
    if (stopping || deps.ports.monotonicMs() > deadline) return { kind: "not tried" }
    const node = programs.get(row.version_id)?.program.nodes[row.node]
    if (node?.content === undefined) return { kind: "refused", error: "The version of this message is gone." }
    const { content, config } = node
    let rendered: ReturnType<typeof renderMessage>
    try {
      rendered = renderMessage(content, row.frozen, deps.links.of(row))
    } catch (error) {
      return { kind: "refused", error: `The template failed: ${(error as Error).message}`.slice(0, 500) }
    }
    const own = (config as { from?: { name?: string; email: string } }).from
    const from = {
      name: own?.name ?? sender?.sender?.name ?? sender?.name ?? "",
      address: own?.email ?? sender?.sender?.email ?? deps.fallbackSender,
    }
    return transport.send({
      messageId: `<${row.id}@${from.address.split("@")[1]}>`,
      from,
      to: row.recipient,
      subject: rendered.subject,
      html: rendered.html,
      text: rendered.text,
    })
  }

  const settle = (
    claim: string,
    rows: readonly store.ClaimedRow[],
    results: readonly Attempt[],
    senders: ReadonlyMap<number, store.SenderRow>,
  ) => {
    const now = deps.ports.now()
    const outcomes = rows.map((row, i) => outcomeOf(row, results[i]!, now, senders.get(row.workspace_id)))
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
    row: store.ClaimedRow,
    result: Attempt,
    now: EpochMs,
    sender: store.SenderRow | undefined,
  ) => {
    const instant = (at: EpochMs) => new Date(at).toISOString()
    if (result.kind === "sent") {
      const sentAt = sender?.sandbox === true ? row.queued_at : now
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
      deps.transport.close()
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
