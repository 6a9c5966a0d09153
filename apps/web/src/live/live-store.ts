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
  /** Tells when this computer loses its network and when it has one again; the answer ends that. */
  onNetwork: (tell: (network: "offline" | "online") => void) => () => void
}

/** The numbers of one journey. They live here and not in the canvas nodes, so that a tick redraws only chips. */
export type Live = { store: StoreApi<LiveState>; close: () => void }

const closed = 2
const reopenMs = 2_000

/** The server beats every 15 s; when two beats are missed, the other end of the wire is gone. */
export const silenceMs = 35_000

/**
 * Follows the counts of one journey. `EventSource` reconnects by itself after a broken connection, but not after
 * one that ends without a word (a cable pulled, a sleeping machine) nor when something else answers (a proxy
 * while the server starts): then it is opened anew here. Either way the server begins with a snapshot, and the
 * numbers are right again.
 */
export function followLive({ open, now, after, onNetwork }: LivePorts): Live {
  const store = createStore<LiveState>()(() => ({
    connection: "connecting",
    stats: undefined,
    heardAt: undefined,
  }))
  let source: LiveSource
  let signAt = now()
  let cancelReopen: (() => void) | undefined
  let cancelWatch: (() => void) | undefined

  function listen() {
    const opened = open()
    source = opened
    signAt = now()
    const on = (type: string, take: (data: string) => Partial<LiveState>) =>
      opened.addEventListener(type, ({ data }) => {
        if (opened !== source) return
        signAt = now()
        store.setState({ connection: "open", heardAt: signAt, ...take(data) })
      })
    on("open", () => ({}))
    on("beat", () => ({}))
    on("snapshot", data => ({ stats: JSON.parse(data) as JourneyStats }))
    on("delta", data => {
      const { stats } = store.getState()
      return { stats: stats && mergeDelta(stats, JSON.parse(data) as StatsDelta) }
    })
    opened.addEventListener("error", () => {
      if (opened !== source) return
      store.setState({ connection: "lost" })
      if (opened.readyState === closed) reopen(reopenMs)
    })
  }

  function reopen(delayMs: number) {
    store.setState({ connection: "lost" })
    source.close()
    cancelReopen?.()
    cancelReopen = after(delayMs, listen)
  }

  function watch(delayMs: number) {
    cancelWatch = after(delayMs, () => {
      const silentMs = now() - signAt
      if (silentMs >= silenceMs) {
        signAt = now()
        reopen(0)
        watch(silenceMs)
      } else watch(silenceMs - silentMs)
    })
  }

  listen()
  watch(silenceMs)
  const leaveNetwork = onNetwork(network => {
    if (network === "offline") reopen(reopenMs)
    else if (store.getState().connection === "lost") reopen(0)
  })

  return {
    store,
    close() {
      leaveNetwork()
      cancelReopen?.()
      cancelWatch?.()
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
