import type { EpochMs, Journey } from "@viaggio/journey-model"

/** A draft as the server holds it. */
export type StoredDraft = { document: Journey; revision: number }

/** The server's answer to a save; a refusal for another reason, and a lost connection, throw. */
export type SaveAnswer =
  | { kind: "saved"; revision: number; savedAt: EpochMs }
  | { kind: "conflict"; theirs: StoredDraft }

/** Whether the document on the screen is the one on the server. */
export type SaveState =
  | { kind: "saved"; at?: EpochMs }
  | { kind: "unsaved" }
  | { kind: "saving" }
  | { kind: "failed"; error: unknown }
  | { kind: "conflict"; theirs: StoredDraft }

/** The server and the clock, as far as saving needs them. */
export type SavePorts = {
  save: (document: Journey, revision: number) => Promise<SaveAnswer>
  /** Runs once after that time; the answer cancels it. */
  after: (delayMs: number, run: () => void) => () => void
}

export type Autosave = {
  changed: () => void
  /** The server's draft is now the one on the screen. */
  adopt: (theirs: StoredDraft) => void
  /** Saves the one on the screen over the server's draft of that revision. */
  override: (revision: number) => void
  flush: () => Promise<void>
}

// A change is on its way after this time, counted from the first unsaved one, so that it is saved within 1 s
// however long somebody goes on typing.
const saveDelayMs = 600
const firstRetryMs = 2_000
const longestRetryMs = 30_000

/** Keeps the server's draft up with the document: one save at a time, each naming the revision it builds on. */
export function createAutosave(context: {
  stored: StoredDraft
  ports: SavePorts
  journey: () => Journey
  report: (save: SaveState, revision: number) => void
}): Autosave {
  const { ports, journey, report } = context
  let saved = context.stored.document
  let { revision } = context.stored
  let cancelTimer: (() => void) | undefined
  let running: Promise<void> | undefined
  let conflict = false
  let retryMs = firstRetryMs

  function schedule(delayMs: number) {
    if (cancelTimer || running || conflict) return
    cancelTimer = ports.after(delayMs, () => {
      cancelTimer = undefined
      void start()
    })
  }
  function start(): Promise<void> {
    cancelTimer?.()
    cancelTimer = undefined
    running ??= run().finally(() => {
      running = undefined
    })
    return running
  }
  async function run() {
    const document = journey()
    if (document === saved) return
    report({ kind: "saving" }, revision)
    try {
      const answer = await ports.save(document, revision)
      if (answer.kind === "conflict") {
        conflict = true
        report(answer, revision)
        return
      }
      saved = document
      revision = answer.revision
      retryMs = firstRetryMs
      const clean = journey() === saved
      report(clean ? { kind: "saved", at: answer.savedAt } : { kind: "unsaved" }, revision)
      if (!clean) later(saveDelayMs)
    } catch (error) {
      report({ kind: "failed", error }, revision)
      later(retryMs)
      retryMs = Math.min(retryMs * 2, longestRetryMs)
    }
  }
  // `running` is still set while `run` ends, so the next timer is set by hand here.
  function later(delayMs: number) {
    cancelTimer ??= ports.after(delayMs, () => {
      cancelTimer = undefined
      void start()
    })
  }

  return {
    changed() {
      if (conflict) return
      if (journey() === saved) return
      if (!running) report({ kind: "unsaved" }, revision)
      schedule(saveDelayMs)
    },
    adopt(theirs) {
      conflict = false
      saved = theirs.document
      revision = theirs.revision
      report({ kind: "saved" }, revision)
    },
    override(theirRevision) {
      conflict = false
      revision = theirRevision
      void start()
    },
    async flush() {
      while (!conflict && journey() !== saved) {
        const before = saved
        await (running ?? start())
        if (saved === before) return
      }
    },
  }
}
