import {
  applyChange,
  type Change,
  checkJourney,
  contentHash,
  createHistory,
  type EpochMs,
  type History,
  historyFromJson,
  historyToJson,
  type Journey,
  type Json,
  type Knowledge,
  type Positions,
  type Problem,
  printJourney,
  redo,
  type Sentence,
  undo,
} from "@viaggio/journey-model"
import { createStore, type StoreApi } from "zustand/vanilla"
import { type Autosave, createAutosave, type SavePorts, type SaveState } from "./autosave.ts"

/** What a session needs from the world; a test brings its own clock and server. */
export type SessionPorts = SavePorts & {
  now: () => EpochMs
  /** Keeps the steps of undo for the next time that this revision is opened in this browser. */
  keepHistory: (kept: KeptHistory) => void
  /** Lays a journey out, away from the thread that draws. */
  layOut: (journey: Journey) => Promise<Positions>
}

/** The steps of undo as they lie in the browser, good for the revision at which they were kept. */
export type KeptHistory = { revision: number; history: Json }

/** `readOnly`: for people who may look at the journey and not change it. */
export type SessionOptions = { readOnly?: boolean }

/** What is marked on the canvas: nodes by id, or one edge by its canvas id. */
export type Selection = { nodes: readonly string[]; edge?: string }

/** Where the eye should go: `at` is a JSON Pointer into the node's config, `"first"` its first field. */
export type FocusRequest = { serial: number; node?: string; at?: string; pan: boolean }

/** What is open beside the canvas, on it or over it. */
export type Panel = "inspector" | "problems" | "walk" | "live" | "shortcuts" | "find" | "commands" | "outline"

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
  /** A path through the journey that is being shown, such as the one on which a customer waits for ever. */
  shownPath: readonly string[]
}

/** One journey being edited. The store is read by selectors; the functions are the only way to change it. */
export type Session = {
  store: StoreApi<SessionState>
  readOnly: boolean
  journey: () => Journey
  /** Applies one undo step. Answers the reason where the model refuses it, and then nothing has changed. */
  apply: (change: Change) => Sentence | undefined
  now: () => EpochMs
  layOut: SessionPorts["layOut"]
  undo: () => void
  redo: () => void
  select: (selection: Selection, options?: { inspect?: boolean }) => void
  focusOn: (target: { node?: string; at?: string; pan?: boolean }) => void
  /** The field that was asked for has the focus; it is not to be taken again. */
  focusServed: () => void
  /** Marks a path on the canvas, until the next edit or another one; none takes the marks away. */
  showPath: (path: readonly string[]) => void
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
  stored: { document: Journey; revision: number; savedAt?: EpochMs; kept?: KeptHistory | undefined },
  ports: SessionPorts,
  { readOnly = false }: SessionOptions = {},
): Session {
  let knowledge: Knowledge | undefined
  let cancelCheck: (() => void) | undefined
  const store = createStore<SessionState>()(() => ({
    history: keptHistory(stored) ?? createHistory(stored.document),
    selection: { nodes: [] },
    active: undefined,
    open: {
      inspector: true,
      problems: false,
      walk: false,
      live: false,
      shortcuts: false,
      find: false,
      commands: false,
      outline: false,
    },
    ...problemState(checkJourney(stored.document)),
    hash: contentHash(stored.document),
    save: { kind: "saved", ...(stored.savedAt === undefined ? {} : { at: stored.savedAt }) },
    revision: stored.revision,
    focus: { serial: 0, pan: false },
    shownPath: [],
  }))
  const journey = () => store.getState().history.journey

  const autosave: Autosave = createAutosave({
    stored: { document: journey(), revision: stored.revision },
    ports,
    journey,
    report: (save, revision) => {
      store.setState({ save, revision })
      if (save.kind === "saved") keep()
    },
  })
  /** Only what the server has too is worth keeping: another revision has another past. */
  function keep() {
    const { history, revision, save } = store.getState()
    if (save.kind === "saved") ports.keepHistory({ revision, history: historyToJson(history) })
  }

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
    if (before.shownPath.length > 0) store.setState({ shownPath: [] })
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
    layOut: ports.layOut,
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
    showPath: shownPath => store.setState({ shownPath }),
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

/** The steps kept in this browser, where they end in the very document that the server holds. */
function keptHistory(stored: {
  document: Journey
  revision: number
  kept?: KeptHistory | undefined
}): History | undefined {
  if (stored.kept?.revision !== stored.revision) return undefined
  const history = historyFromJson(stored.kept.history)
  return history && printJourney(history.journey) === printJourney(stored.document) ? history : undefined
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
