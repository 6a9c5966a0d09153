import {
  applyChange,
  type Change,
  checkJourney,
  contentHash,
  createHistory,
  type EpochMs,
  type History,
  type Journey,
  type Knowledge,
  type Problem,
  redo,
  type Sentence,
  undo,
} from "@viaggio/journey-model"
import { createStore, type StoreApi } from "zustand/vanilla"
import { type Autosave, createAutosave, type SavePorts, type SaveState } from "./autosave.ts"

/** What a session needs from the world; a test brings its own clock and server. */
export type SessionPorts = SavePorts & { now: () => EpochMs }

/** `readOnly`: for people who may look at the journey and not change it. */
export type SessionOptions = { readOnly?: boolean }

/** What is marked on the canvas: nodes by id, or one edge by its canvas id. */
export type Selection = { nodes: readonly string[]; edge?: string }

/** Where the eye should go: `at` is a JSON Pointer into the node's config, `"first"` its first field. */
export type FocusRequest = { serial: number; node?: string; at?: string; pan: boolean }

/** What is open beside the canvas, on it or over it. */
export type Panel = "inspector" | "problems" | "walk" | "live" | "publish" | "shortcuts"

export type SessionState = {
  history: History
  selection: Selection
  /** The node that the keyboard stands on; the last one selected. */
  active: string | undefined
  open: { readonly [P in Panel]: boolean }
  problems: readonly Problem[]
  problemsByNode: ReadonlyMap<string, readonly Problem[]>
  /** The content hash that a version published now would have; found together with the problems. */
  hash: string
  save: SaveState
  revision: number
  focus: FocusRequest
}

/** One journey being edited. The store is read by selectors; the functions are the only way to change it. */
export type Session = {
  store: StoreApi<SessionState>
  readOnly: boolean
  journey: () => Journey
  /** Applies one undo step. Answers the reason where the model refuses it, and then nothing has changed. */
  apply: (change: Change) => Sentence | undefined
  now: () => EpochMs
  undo: () => void
  redo: () => void
  select: (selection: Selection, options?: { inspect?: boolean }) => void
  focusOn: (target: { node?: string; at?: string; pan?: boolean }) => void
  /** The field that was asked for has the focus; it is not to be taken again. */
  focusServed: () => void
  /** Opens or closes a panel; without `open` it changes over. */
  show: (panel: Panel, open?: boolean) => void
  /** What the catalogue knows; the problems are checked again with it. */
  learn: (knowledge: Knowledge) => void
  /** Settles a save conflict: mine becomes a new revision over theirs, or theirs replaces the draft here. */
  resolveConflict: (keep: "mine" | "theirs") => void
  /** Saves now what is unsaved. Resolves when it is settled: saved, failed or in conflict. */
  flush: () => Promise<void>
}

// Long enough to stay out of the way of typing, short enough that the badge answers an edit.
const checkDelayMs = 200

/** Opens a session on a stored draft. */
export function createSession(
  stored: { document: Journey; revision: number; savedAt?: EpochMs },
  ports: SessionPorts,
  { readOnly = false }: SessionOptions = {},
): Session {
  let knowledge: Knowledge | undefined
  let cancelCheck: (() => void) | undefined
  const store = createStore<SessionState>()(() => ({
    history: createHistory(stored.document),
    selection: { nodes: [] },
    active: undefined,
    open: {
      inspector: true,
      problems: false,
      walk: false,
      live: false,
      publish: false,
      shortcuts: false,
    },
    ...problemState(checkJourney(stored.document)),
    hash: contentHash(stored.document),
    save: { kind: "saved", ...(stored.savedAt === undefined ? {} : { at: stored.savedAt }) },
    revision: stored.revision,
    focus: { serial: 0, pan: false },
  }))
  const journey = () => store.getState().history.journey

  const autosave: Autosave = createAutosave({
    stored,
    ports,
    journey,
    report: (save, revision) => store.setState({ save, revision }),
  })

  function check() {
    cancelCheck = undefined
    store.setState({
      ...problemState(checkJourney(journey(), knowledge)),
      hash: contentHash(journey()),
    })
  }
  function checkSoon() {
    cancelCheck?.()
    cancelCheck = ports.after(checkDelayMs, check)
  }
  function become(history: History) {
    const before = store.getState()
    if (history.journey === before.history.journey) {
      store.setState({ history })
      return
    }
    const known = new Set(history.journey.nodes.map(node => node.id))
    const nodes = before.selection.nodes.filter(id => known.has(id))
    const kept = nodes.length === before.selection.nodes.length && before.selection.edge === undefined
    const active = before.active !== undefined && known.has(before.active) ? before.active : undefined
    store.setState({ history, active, ...(kept ? {} : { selection: { nodes } }) })
    autosave.changed()
    checkSoon()
  }
  function apply(change: Change): Sentence | undefined {
    if (readOnly) return { id: "read-only", values: {} }
    const result = applyChange(store.getState().history, change)
    if (!result.ok) return result.reason
    become(result.value)
    return undefined
  }

  return {
    store,
    readOnly,
    journey,
    apply,
    now: ports.now,
    undo: () => become(undo(store.getState().history)),
    redo: () => become(redo(store.getState().history)),
    select(selection, options) {
      const last = selection.nodes.at(-1)
      store.setState(state => ({
        selection,
        active: selection.nodes.length > 0 || selection.edge ? (last ?? state.active) : undefined,
        ...(selection.nodes.length === 1 && options?.inspect !== false
          ? { open: { ...state.open, inspector: true } }
          : {}),
      }))
    },
    focusOn(target) {
      store.setState(state => ({
        focus: {
          serial: state.focus.serial + 1,
          pan: target.pan ?? true,
          ...(target.node === undefined ? {} : { node: target.node }),
          ...(target.at === undefined ? {} : { at: target.at }),
        },
        ...(target.node === undefined
          ? {}
          : {
              selection: { nodes: [target.node] },
              active: target.node,
              // The form stands where the walk stands.
              open: { ...state.open, inspector: true, walk: false },
            }),
      }))
    },
    focusServed() {
      const { at: _at, ...focus } = store.getState().focus
      store.setState({ focus: { ...focus, pan: false } })
    },
    show: (panel, open) =>
      store.setState(state => ({ open: { ...state.open, [panel]: open ?? !state.open[panel] } })),
    learn(next) {
      knowledge = next
      checkSoon()
    },
    resolveConflict(keep) {
      const { save } = store.getState()
      if (save.kind !== "conflict") return
      if (keep === "theirs") {
        autosave.adopt(save.theirs)
        become(createHistory(save.theirs.document))
      } else autosave.override(save.theirs.revision)
    },
    flush: autosave.flush,
  }
}

function problemState(problems: readonly Problem[]): Pick<SessionState, "problems" | "problemsByNode"> {
  const problemsByNode = new Map<string, Problem[]>()
  for (const problem of problems) {
    if (problem.node === undefined) continue
    const known = problemsByNode.get(problem.node)
    if (known) known.push(problem)
    else problemsByNode.set(problem.node, [problem])
  }
  return { problems, problemsByNode }
}
