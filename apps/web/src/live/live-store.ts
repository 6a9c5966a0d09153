import type { EpochMs, JourneyStats } from "@viaggio/journey-model"
import { createStore, type StoreApi } from "zustand/vanilla"

export type NodeStats = JourneyStats["nodes"][string]

/** What the server sends after the snapshot: the same object with only what changed in it. */
export type StatsDelta = Omit<Partial<JourneyStats>, "nodes"> & { nodes?: { [node: string]: NodeStats } }

/** How the numbers come in: `lost` keeps the last ones and their age until the stream is back. */
export type LiveState = {
  connection: "connecting" | "open" | "lost"
  stats: JourneyStats | undefined
  /** When something was last heard from the server, by the browser's clock. */
  heardAt: EpochMs | undefined
}

/** The part of `EventSource` that is used here; a test brings its own. `readyState` 2: it has given up. */
export type LiveSource = {
  readonly readyState: number
  addEventListener: (type: string, listen: (event: { data: string }) => void) => void
  close: () => void
}

export type LivePorts = {
  open: () => LiveSource
  now: () => EpochMs
  /** Runs once after that time; the answer cancels it. */
  after: (delayMs: number, run: () => void) => () => void
}

/** The numbers of one journey. They live here and not in the canvas nodes, so that a tick redraws only chips. */
export type Live = { store: StoreApi<LiveState>; close: () => void }

const closed = 2
const reopenMs = 2_000

/**
 * Follows the counts of one journey. `EventSource` reconnects by itself after a broken connection and names the
 * last id it saw; it gives up when something else answers (a proxy while the server starts), so then it is
 * opened anew. Either way the server begins with a snapshot, and the numbers are right again.
 */
export function followLive({ open, now, after }: LivePorts): Live {
  const store = createStore<LiveState>()(() => ({
    connection: "connecting",
    stats: undefined,
    heardAt: undefined,
  }))
  let cancelReopen: (() => void) | undefined
  let source = listen()

  function listen(): LiveSource {
    const opened = open()
    opened.addEventListener("open", () => store.setState({ connection: "open", heardAt: now() }))
    opened.addEventListener("error", () => {
      store.setState({ connection: "lost" })
      if (opened.readyState !== closed) return
      cancelReopen?.()
      cancelReopen = after(reopenMs, () => {
        source = listen()
      })
    })
    opened.addEventListener("snapshot", event =>
      store.setState({ connection: "open", heardAt: now(), stats: JSON.parse(event.data) as JourneyStats }),
    )
    opened.addEventListener("delta", event => {
      const delta = JSON.parse(event.data) as StatsDelta
      store.setState(state => ({
        connection: "open",
        heardAt: now(),
        stats: state.stats && mergeDelta(state.stats, delta),
      }))
    })
    return opened
  }

  return {
    store,
    close() {
      cancelReopen?.()
      source.close()
    },
  }
}

/** The counts after a delta; nodes that it does not name keep their objects. */
export function mergeDelta(stats: JourneyStats, delta: StatsDelta): JourneyStats {
  return { ...stats, ...delta, nodes: { ...stats.nodes, ...delta.nodes } }
}

/** How many left a node by each outcome on the way that an edge shows: its own, and those that fall through it. */
export function edgeCount(
  stats: NodeStats | undefined,
  outcome: string,
  fallingThrough: readonly string[],
): number {
  if (!stats) return 0
  return [outcome, ...fallingThrough].reduce((sum, each) => sum + (stats.left[each] ?? 0), 0)
}
