import type { Ports } from "../ports.ts"
import type { Resources } from "../resources/resources.ts"
import { type Circuit, createCircuit } from "./circuit.ts"
import type { ClaimRow } from "./dispatch-store.ts"
import type { SendContext, SendResult } from "./handler.ts"

/** A claimed message in memory. */
export type Held = { row: ClaimRow & { claim: string }; provider: string; context: SendContext }

/** A held message whose send has ended, or that is given back. `ms`: how long the send took. */
export type Done = { held: Held; result: SendResult; ms: number }

/** Notes what is done and marks what comes next, in one commit; answers what the next ones may not do. */
export type Turn = (done: readonly Done[], next: readonly Held[]) => Promise<Map<string, SendResult>>

export type ProviderQueue = {
  provider: string
  /** How many more messages it would take from the outbox now. */
  room(): number
  offer(held: readonly Held[]): void
  circuit(): Circuit
  waiting(): number
  /** Finishes what is under way, gives back the rest. */
  stop(): Promise<void>
}

/** Messages that may wait in memory, for each that can be sent at once. */
const DEPTH = 20
/** No more wait in memory than the rate allows in so many seconds: their claims would run out. */
const AHEAD_S = 30
/** A lease is of the permits of one second. */
const WINDOW_MS = 1_000
const TROUBLE_MS = 500
const notTried: SendResult = { kind: "not tried" }

/**
 * What goes to one provider, apart from all others: so many sends at once, so many in a second over all processes,
 * none while its circuit is open. A place is free again when the send that had it is noted in the database.
 */
export const createProviderQueue = (deps: {
  provider: string
  atOnce: number
  perSecond: number | undefined
  ports: Ports
  resources: Resources
  turn: Turn
  send(held: Held): Promise<SendResult>
  /** There is room again. */
  onRoom(): void
  log: { error(error: unknown, text: string): void }
}): ProviderQueue => {
  const { ports, atOnce, provider, perSecond } = deps
  const random = () => Buffer.from(ports.randomBytes(2)).readUInt16BE() / 65_536
  const circuit = createCircuit({ nowMs: ports.monotonicMs, random })
  const waiting: Held[] = []
  const done: Done[] = []
  /** Sends under way, and those that ended but are not noted yet. */
  let taken = 0
  let pumping: Promise<void> | undefined
  let stopping = false
  let timer: NodeJS.Timeout | undefined
  let permits = { at: 0, everyMs: 0, left: 0 }

  const later = (ms: number) => {
    clearTimeout(timer)
    timer = setTimeout(pump, ms)
  }

  /** How many of `wanted` sends the provider's rate allows at this moment; sets the timer for the next one. */
  const permitted = async (wanted: number): Promise<number> => {
    if (perSecond === undefined || wanted === 0) return wanted
    const now = ports.monotonicMs()
    if (permits.left > 0 && now > permits.at + permits.left * permits.everyMs + WINDOW_MS) permits.left = 0
    if (permits.left === 0) {
      const limit = { permits: perSecond, windowMs: WINDOW_MS }
      const ask = Math.min(perSecond, waiting.length)
      const lease = await deps.resources.lease(`provider:${provider}`, limit, ask, WINDOW_MS)
      permits = { at: ports.monotonicMs() + lease.inMs, everyMs: lease.everyMs, left: lease.granted }
      if (lease.granted === 0) {
        later(Math.max(1, lease.inMs - WINDOW_MS / 2))
        return 0
      }
    }
    const ripe = Math.floor((ports.monotonicMs() - permits.at) / permits.everyMs) + 1
    const granted = Math.max(0, Math.min(wanted, permits.left, ripe))
    permits.left -= granted
    permits.at += granted * permits.everyMs
    if (granted < wanted) later(Math.max(1, permits.at - ports.monotonicMs()))
    return granted
  }

  const startSend = async (held: Held): Promise<void> => {
    const began = ports.monotonicMs()
    circuit.began()
    const result: SendResult = began > held.context.deadline ? notTried : await deps.send(held).catch(failed)
    const overload = result.kind === "later" && result.overload === true
    circuit.ended(
      result.kind === "not tried" ? "not tried" : overload ? "overload" : "answered",
      overload ? result.retryAfterMs : undefined,
    )
    done.push({ held, result, ms: ports.monotonicMs() - began })
    pump()
  }

  const failed = (error: Error): SendResult => {
    deps.log.error(error, `a send to ${provider} failed in a way that nobody foresaw`)
    return { kind: "later", error: error.message.slice(0, 500) }
  }

  const giveBack = (held: readonly Held[]) => {
    for (const one of held) done.push({ held: one, result: notTried, ms: 0 })
    taken += held.length
  }

  /** Messages whose claim runs out go back; where somebody else has them by now, that changes nothing. */
  const giveBackOverdue = () => {
    const now = ports.monotonicMs()
    const isOverdue = (held: Held) => now > held.context.deadline
    if (!waiting.some(isOverdue)) return
    const all = waiting.splice(0)
    giveBack(all.filter(isOverdue))
    waiting.push(...all.filter(held => !isOverdue(held)))
  }

  const round = async (): Promise<boolean> => {
    giveBackOverdue()
    if (stopping || circuit.state() === "open") giveBack(waiting.splice(0))
    const finished = done.splice(0)
    const free = atOnce - (taken - finished.length)
    const wanted = stopping ? 0 : Math.min(free, waiting.length, circuit.allowance())
    const next = waiting.splice(0, await permitted(wanted))
    if (finished.length === 0 && next.length === 0) return false
    taken += next.length
    let stopped: Map<string, SendResult>
    try {
      stopped = await deps.turn(finished, next)
    } catch (error) {
      deps.log.error(error, `what ${provider} answered could not be noted and is noted later`)
      taken -= next.length
      waiting.unshift(...next)
      done.unshift(...finished)
      await ports.sleep(TROUBLE_MS)
      return true
    }
    taken -= finished.length
    for (const held of next) {
      // It may have opened while this turn was being written.
      const instead = circuit.state() === "open" ? notTried : stopped.get(held.row.id)
      if (instead === undefined) void startSend(held)
      else done.push({ held, result: instead, ms: 0 })
    }
    if (waiting.length < atOnce) deps.onRoom()
    return true
  }

  function pump(): void {
    if (pumping !== undefined) return
    pumping = (async () => {
      try {
        while (await round());
      } catch (error) {
        deps.log.error(error, `messages for ${provider} could not be sent and wait`)
        later(TROUBLE_MS)
      } finally {
        pumping = undefined
      }
      // What ended between the last look and this line.
      if (done.length > 0) pump()
    })()
  }

  return {
    provider,
    room: () => {
      if (stopping) return 0
      const most = Math.min(
        Math.min(atOnce * DEPTH, Math.max(1_000, atOnce)),
        perSecond === undefined ? Number.POSITIVE_INFINITY : Math.max(atOnce, perSecond * AHEAD_S),
      )
      const allowance = circuit.state() === "closed" ? most : circuit.allowance()
      return Math.max(0, allowance - waiting.length)
    },
    offer(held) {
      waiting.push(...held)
      pump()
    },
    circuit: () => circuit,
    waiting: () => waiting.length + taken,
    async stop() {
      stopping = true
      clearTimeout(timer)
      pump()
      while (taken > 0 || done.length > 0 || waiting.length > 0 || pumping !== undefined) {
        await (pumping ?? ports.sleep(5))
      }
      clearTimeout(timer)
    },
  }
}
