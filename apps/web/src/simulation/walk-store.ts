import type {
  EpochMs,
  EventFact,
  Journey,
  JsonObject,
  Problem,
  Walk,
  WebhookStub,
} from "@viaggio/journey-model"
import { startWalk, walkSend, walkSetStub, walkTo, walkToNext } from "@viaggio/journey-model"
import { createStore, type StoreApi } from "zustand/vanilla"
import { type Marks, marksOf, noMarks } from "./walk-marks.ts"

/** The customer that walks, and the event that starts the journey for them. */
export type WalkStart = {
  journey: Journey
  workspace: string
  /** `history`: what they did before, oldest first; it is looked back at, and starts nothing. */
  customer: { id: string; attributes: JsonObject; history: readonly EventFact[] }
  event: { name: string; properties: JsonObject }
  startAt: EpochMs
  /** What stands in for the services that the journey would call; absent: 200 with an empty object. */
  stub?: WebhookStub
}

/**
 * A walk on the screen. The model runs from happening to happening; `shown` entries of its log are told so far,
 * so that a single step can be looked at.
 */
export type WalkState = {
  walk: Walk | undefined
  journey: Journey | undefined
  shown: number
  playing: boolean
  problems: readonly Problem[]
  marks: Marks
}

export type WalkStore = {
  store: StoreApi<WalkState>
  start: (start: WalkStart) => void
  /** Tells one more entry; moves on to the next happening where all is told. */
  step: () => void
  /** Moves on to the next happening and tells all of it. */
  next: () => void
  to: (at: EpochMs) => void
  send: (event: { name: string; properties: JsonObject }) => void
  /** Other answers from now on. */
  setStub: (stub: WebhookStub) => void
  play: (playing: boolean) => void
  /** A walk that is over already, told to its end. */
  show: (shown: { walk: Walk; journey: Journey }) => void
  end: () => void
}

/**
 * How long after the moment on the clock somebody does what is sent by hand. In the very instant of the entry it
 * would count as nothing that happened since then.
 */
const handMs = 1_000

const nothing: WalkState = {
  walk: undefined,
  journey: undefined,
  shown: 0,
  playing: false,
  problems: [],
  marks: noMarks,
}

/** Runs a draft for one customer in memory. It is given all it needs and has no way to reach anything else. */
export function createWalkStore(): WalkStore {
  const store = createStore<WalkState>()(() => nothing)

  function become(walk: Walk, shown: number, more: Partial<WalkState> = {}) {
    const journey = more.journey ?? store.getState().journey
    const told = walk.log.slice(0, shown)
    store.setState({ ...more, walk, shown, marks: journey ? marksOf(journey, told) : noMarks })
  }
  const move = (run: (walk: Walk) => Walk, tell: "all" | "one") => {
    const { walk, shown } = store.getState()
    if (!walk) return
    const next = run(walk)
    become(next, tell === "all" ? next.log.length : Math.min(shown + 1, next.log.length))
  }

  return {
    store,
    start({ journey, workspace, customer, event, startAt, stub }) {
      const { history, ...profile } = customer
      // The clock of the page lags a little, and nobody walks before what they have done.
      const begunAt = history.reduce((latest, past) => Math.max(latest, past.at), startAt)
      const started = startWalk({
        journey,
        workspace,
        profile,
        history,
        startAt: begunAt,
        ...(stub && { stub }),
      })
      if (!started.ok) {
        store.setState({ ...nothing, problems: started.problems })
        return
      }
      become(walkSend(started.value, event), 1, { journey, playing: false, problems: [] })
    },
    step() {
      const { walk, shown } = store.getState()
      if (!walk) return
      if (shown < walk.log.length) become(walk, shown + 1)
      else if (walk.next === undefined) store.setState({ playing: false })
      else move(walkToNext, "one")
    },
    next: () => move(walk => (walk.next === undefined ? walk : walkToNext(walk)), "all"),
    to: at => move(walk => walkTo(walk, at), "all"),
    send: event => move(walk => walkSend(walkTo(walk, walk.now + handMs), event), "all"),
    setStub(stub) {
      const { walk } = store.getState()
      if (walk) store.setState({ walk: walkSetStub(walk, stub) })
    },
    play: playing => store.setState({ playing }),
    show: ({ walk, journey }) => become(walk, walk.log.length, { journey, playing: false, problems: [] }),
    end: () => store.setState(nothing),
  }
}
