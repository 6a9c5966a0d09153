import { type Journey, layoutJourney, type NodeType, newJourney, parseJourney } from "@viaggio/journey-model"
import type { SaveAnswer, StoredDraft } from "./autosave.ts"
import { connectNodes, deleteSelected, insertNode, moveNodes, renameNode, replaceConfig } from "./commands.ts"
import { createSession, type KeptHistory, type Session } from "./session.ts"

/** A journey's row on a server that keeps one draft, refuses stale revisions and can be unplugged. */
export class FakeServer {
  draft: StoredDraft
  saves = 0
  isDown = false
  #nowMs: () => number

  constructor(document: Journey, nowMs: () => number) {
    this.draft = { document, revision: 1 }
    this.#nowMs = nowMs
  }

  save = async (document: Journey, revision: number): Promise<SaveAnswer> => {
    if (this.isDown) throw new TypeError("fetch failed")
    this.saves += 1
    if (revision !== this.draft.revision) return { kind: "conflict", theirs: this.draft }
    this.draft = { document, revision: revision + 1 }
    return { kind: "saved", revision: revision + 1, savedAt: this.#nowMs() }
  }

  /** Somebody else saves. */
  change(edit: (document: Journey) => Journey): void {
    this.draft = { document: edit(this.draft.document), revision: this.draft.revision + 1 }
  }
}

/** An editor session as a person uses it, without a browser: it owns its clock and its server. */
export class SessionDriver {
  readonly session: Session
  readonly server: FakeServer
  /** What lies in the browser for the next time that the page is opened. */
  kept: KeptHistory | undefined
  #nowMs = 1_000_000
  #timers: { at: number; run: () => void }[] = []

  constructor(document: Journey = withEntry(), reloaded?: SessionDriver) {
    this.server = reloaded?.server ?? new FakeServer(document, () => this.#nowMs)
    this.kept = reloaded?.kept
    this.session = createSession(
      { ...this.server.draft, kept: this.kept },
      {
        save: this.server.save,
        now: () => this.#nowMs,
        keepHistory: kept => {
          // Through text, as a database does: nothing of the page's own objects may be left in it.
          this.kept = JSON.parse(JSON.stringify(kept))
        },
        layOut: async journey => layoutJourney(journey),
        after: (delayMs, run) => {
          const timer = { at: this.#nowMs + delayMs, run }
          this.#timers.push(timer)
          return () => {
            this.#timers = this.#timers.filter(other => other !== timer)
          }
        },
      },
    )
  }

  /** The page is loaded again: the same server and the same browser, a new session. */
  reload(): SessionDriver {
    return new SessionDriver(undefined, this)
  }

  get journey(): Journey {
    return this.session.journey()
  }

  get state() {
    return this.session.store.getState()
  }

  /** Lets time pass; timers run at their instants, and what they began is awaited. */
  async pass(durationMs: number): Promise<this> {
    const until = this.#nowMs + durationMs
    for (;;) {
      const due = this.#timers.filter(timer => timer.at <= until).sort((a, b) => a.at - b.at)[0]
      if (!due) break
      this.#timers = this.#timers.filter(timer => timer !== due)
      this.#nowMs = Math.max(this.#nowMs, due.at)
      due.run()
      // Saves of the fake server are settled after a few turns of the microtask queue.
      for (let turn = 0; turn < 10; turn += 1) await Promise.resolve()
    }
    this.#nowMs = until
    return this
  }

  append(from: string, outcome: string, type: NodeType): this {
    return this.must(insertNode(this.session, { kind: "after", from, outcome }, type))
  }

  insert(from: string, outcome: string, type: NodeType): this {
    return this.must(insertNode(this.session, { kind: "edge", from, outcome }, type))
  }

  connect(from: string, outcome: string, to: string): this {
    return this.must(connectNodes(this.session, { from, outcome, to }))
  }

  select(...nodes: string[]): this {
    this.session.select({ nodes })
    return this
  }

  remove({ heal = true } = {}): this {
    return this.must(deleteSelected(this.session, { heal }))
  }

  configure(id: string, config: Record<string, unknown>, field = "all"): this {
    return this.must(replaceConfig(this.session, id, config, field))
  }

  rename(id: string, name: string): this {
    return this.must(renameNode(this.session, id, name))
  }

  move(id: string, place: [number, number]): this {
    moveNodes(this.session, { [id]: place })
    return this
  }

  undo(): this {
    this.session.undo()
    return this
  }

  redo(): this {
    this.session.redo()
    return this
  }

  /** The connections as `from.outcome → to`, in the order of the document. */
  get edges(): string[] {
    return this.journey.edges.map(edge => `${edge.from}.${edge.outcome} → ${edge.to}`)
  }

  private must(refusal: { id: string } | undefined): this {
    if (refusal) throw new Error(`the model refused: ${refusal.id}`)
    return this
  }
}

function withEntry(): Journey {
  const parsed = parseJourney(newJourney({ key: "welcome", name: "Welcome" }))
  if (!parsed.ok) throw new Error("a new journey must parse")
  return parsed.value
}
