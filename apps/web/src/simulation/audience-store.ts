import {
  type AudienceMember,
  type AudienceResult,
  type AudienceShape,
  type AudienceSpec,
  addCells,
  audienceResult,
  type EpochMs,
  instantOf,
  lastMoment,
  neverReached,
  statsAt,
} from "@viaggio/journey-model"
import { createStore, type StoreApi } from "zustand/vanilla"
import type { Live, LiveState } from "../live/live-store.ts"
import type { AudienceAsk, AudienceTell } from "./audience-work.ts"

/** The part of a `Worker` that is used here; a test brings its own. */
export type AudienceWorker = {
  post: (ask: AudienceAsk) => void
  onTell: (take: (answer: AudienceTell) => void) => void
  onError: (take: (message: string) => void) => void
  end: () => void
}

export type AudiencePorts = {
  startWorker: () => AudienceWorker
  /** How many workers run at once. */
  workers: number
  now: () => EpochMs
}

/** Somebody asked who is behind the number of a node: inside at the moment, or there until then. */
export type MembersAsked = { node: string; been: boolean; members: readonly AudienceMember[] | undefined }

/** `ran`: how many customers are through so far. `moment`: where the scrubber stands. */
export type AudienceState = {
  phase: "setup" | "running" | "done"
  spec: AudienceSpec | undefined
  ran: number
  result: AudienceResult | undefined
  tookMs: number
  moment: number
  never: ReadonlySet<string>
  asked: MembersAsked | undefined
  error: string | undefined
}

export type AudienceStore = {
  store: StoreApi<AudienceState>
  /** The counts at the moment, as the canvas takes those of the server; undefined where nothing has run. */
  live: () => Live | undefined
  run: (spec: AudienceSpec) => void
  cancel: () => void
  to: (moment: number) => void
  ask: (asked: { node: string; been: boolean }) => void
  closeList: () => void
  /** Back to the choices; the numbers leave the canvas. */
  end: () => void
}

/** So many customers are listed behind one number. */
export const mostMembers = 100

const nothing: AudienceState = {
  phase: "setup",
  spec: undefined,
  ran: 0,
  result: undefined,
  tookMs: 0,
  moment: 0,
  never: new Set(),
  asked: undefined,
  error: undefined,
}

const emptyLive: LiveState = { connection: "open", stats: undefined, heardAt: undefined }

/**
 * Runs audiences in workers and keeps what came of the last one. Workers stay for the next run; a run is cancelled by
 * ending them, since they hear nothing while they count.
 */
export function createAudienceStore({ startWorker, workers: count, now }: AudiencePorts): AudienceStore {
  const store = createStore<AudienceState>()(() => nothing)
  const counts = createStore<LiveState>()(() => emptyLive)
  const live: Live = { store: counts, close: () => undefined }
  let workers: AudienceWorker[] = []
  let run = 0
  const takers = new Map<number, (answer: AudienceTell) => void>()

  const stopWorkers = () => {
    for (const worker of workers) worker.end()
    workers = []
    takers.clear()
  }
  const fail = (message: string) => {
    stopWorkers()
    store.setState({ ...nothing, error: message })
  }
  const workerAt = (index: number): AudienceWorker => {
    const known = workers[index]
    if (known) return known
    const started = startWorker()
    started.onTell(answer => takers.get(answer.id)?.(answer))
    started.onError(fail)
    workers[index] = started
    return started
  }
  const ask = (worker: number, question: AudienceAsk, take: (answer: AudienceTell) => void) => {
    takers.set(question.id, take)
    workerAt(worker).post(question)
  }
  const show = (result: AudienceResult, moment: number) => {
    counts.setState({ stats: statsAt(result, moment), heardAt: now() })
    store.setState({ moment, asked: undefined })
  }

  return {
    store,
    live: () => (store.getState().result ? live : undefined),
    run(spec) {
      if (store.getState().phase === "running") stopWorkers()
      const beganAt = now()
      const parts = Math.max(1, Math.min(count, Math.ceil(spec.customers / 1_000)))
      let whole: { shape: AudienceShape; cells: Int32Array } | undefined
      let left = parts
      counts.setState(emptyLive)
      store.setState({ ...nothing, phase: "running", spec })
      const bound = (index: number) => Math.round((spec.customers * index) / parts)
      for (let part = 0; part < parts; part++) {
        const question: AudienceAsk = { id: ++run, kind: "run", spec, from: bound(part), to: bound(part + 1) }
        ask(part, question, answer => {
          if (answer.kind === "progress") store.setState(state => ({ ran: state.ran + answer.customers }))
          if (answer.kind !== "ran") return
          takers.delete(answer.id)
          if (whole) addCells(whole.cells, answer.cells)
          else whole = { shape: answer.shape, cells: answer.cells }
          left -= 1
          if (left > 0) return
          const result = audienceResult(whole.shape, whole.cells)
          store.setState({
            phase: "done",
            result,
            tookMs: now() - beganAt,
            never: new Set(neverReached(result)),
          })
          show(result, lastMoment(result))
        })
      }
    },
    cancel() {
      stopWorkers()
      store.setState(nothing)
    },
    to(moment) {
      const { result } = store.getState()
      if (result) show(result, Math.max(0, Math.min(lastMoment(result), moment)))
    },
    ask({ node, been }) {
      const { result, spec, moment } = store.getState()
      if (!result || !spec) return
      // At the last moment what happens in its very instant is counted too.
      const before = instantOf(result, moment) + (moment === lastMoment(result) ? 1 : 0)
      const question: AudienceAsk = {
        id: ++run,
        kind: "members",
        spec,
        node,
        before,
        most: mostMembers,
        been,
      }
      store.setState({ asked: { node, been, members: undefined } })
      ask(0, question, answer => {
        takers.delete(answer.id)
        const { asked } = store.getState()
        // The moment has moved on, or another number was asked for.
        if (answer.kind !== "members" || answer.id !== run || !asked) return
        store.setState({ asked: { ...asked, members: answer.members } })
      })
    },
    closeList: () => store.setState({ asked: undefined }),
    end() {
      stopWorkers()
      counts.setState(emptyLive)
      store.setState(nothing)
    },
  }
}
