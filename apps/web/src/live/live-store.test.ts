import type { JourneyStats } from "@viaggio/journey-model"
import { describe, expect, it } from "vitest"
import { edgeCount, followLive, type LiveSource, silenceMs } from "./live-store.ts"

const snapshot: JourneyStats = {
  journey: "welcome",
  version: "all",
  at: "2026-11-21T18:44:00.000Z",
  totals: { entered: 2, inside: 1, ended: { done: 1 }, notAdmitted: {} },
  nodes: {
    start: { entered: 2, inside: 0, left: { next: 2 }, ended: {}, failed: 0 },
    mail: { entered: 2, inside: 1, left: { next: 1, suppressed: 0, failed: 0 }, ended: {}, failed: 0 },
  },
}

function openFake() {
  const listeners = new Map<string, (event: { data: string }) => void>()
  let closed = false
  const source = {
    readyState: 1,
    addEventListener: (type: string, listen: (event: { data: string }) => void) =>
      void listeners.set(type, listen),
    close: () => {
      closed = true
    },
  } satisfies LiveSource
  const emit = (type: string, data?: unknown) =>
    listeners.get(type)?.({ data: data === undefined ? "" : JSON.stringify(data) })
  return { source, emit, isClosed: () => closed }
}

/** Follows with a clock, a network and streams that the test moves; `at(n)` is the n-th stream opened. */
function follow() {
  const opened: ReturnType<typeof openFake>[] = []
  let timers: { at: number; run: () => void }[] = []
  let tellNetwork: ((network: "offline" | "online") => void) | undefined
  let nowMs = 1_000
  const live = followLive({
    open: () => {
      const fake = openFake()
      opened.push(fake)
      return fake.source
    },
    now: () => nowMs,
    after(delayMs, run) {
      const timer = { at: nowMs + delayMs, run }
      timers.push(timer)
      return () => {
        timers = timers.filter(each => each !== timer)
      }
    },
    onNetwork(tell) {
      tellNetwork = tell
      return () => {
        tellNetwork = undefined
      }
    },
  })
  return {
    live,
    opened,
    state: () => live.store.getState(),
    at: (index: number) => opened[index]!,
    network: (network: "offline" | "online") => tellNetwork?.(network),
    waiting: () => timers.length,
    pass(ms: number) {
      const until = nowMs + ms
      for (;;) {
        const [next] = timers.filter(timer => timer.at <= until).sort((a, b) => a.at - b.at)
        if (!next) break
        timers = timers.filter(timer => timer !== next)
        nowMs = next.at
        next.run()
      }
      nowMs = until
    },
  }
}

describe("the live numbers", () => {
  it("takes a snapshot and then only what changed", () => {
    const page = follow()
    page.at(0).emit("snapshot", snapshot)
    const before = page.state().stats
    page.at(0).emit("delta", {
      totals: { ...snapshot.totals, entered: 3 },
      nodes: { start: { ...snapshot.nodes.start, entered: 3 } },
    })
    const after = page.state().stats
    expect(after?.totals.entered).toBe(3)
    expect(after?.nodes.start?.entered).toBe(3)
    expect(after?.nodes.mail).toBe(before?.nodes.mail)
  })

  it("keeps the last numbers and their age while the connection is lost, and heals by a snapshot", () => {
    const page = follow()
    page.at(0).emit("snapshot", snapshot)
    page.pass(8_000)
    page.at(0).emit("error")
    expect(page.state()).toMatchObject({ connection: "lost", heardAt: 1_000 })
    expect(page.state().stats?.totals.entered).toBe(2)
    page.at(0).emit("snapshot", { ...snapshot, totals: { ...snapshot.totals, entered: 7 } })
    expect(page.state()).toMatchObject({ connection: "open", heardAt: 9_000 })
    expect(page.state().stats?.totals.entered).toBe(7)
    expect(page.opened).toHaveLength(1)
  })

  it("ignores a delta before the first snapshot", () => {
    const page = follow()
    page.at(0).emit("delta", { nodes: {} })
    expect(page.state().stats).toBeUndefined()
  })

  it("stays open while nothing changes and the server beats", () => {
    const page = follow()
    page.at(0).emit("snapshot", snapshot)
    for (let beat = 0; beat < 20; beat += 1) {
      page.pass(15_000)
      page.at(0).emit("beat")
    }
    expect(page.state()).toMatchObject({ connection: "open", heardAt: 301_000 })
    expect(page.opened).toHaveLength(1)
  })

  it("calls a stream lost that says nothing for 35 s, opens another, and hears the old one no more", () => {
    const page = follow()
    page.at(0).emit("snapshot", snapshot)
    page.pass(20_000)
    page.at(0).emit("beat")
    page.pass(silenceMs - 1)
    expect(page.state().connection).toBe("open")
    page.pass(1)
    expect(page.state()).toMatchObject({ connection: "lost", heardAt: 21_000 })
    expect(page.at(0).isClosed()).toBe(true)
    expect(page.opened).toHaveLength(2)
    page.at(0).emit("beat")
    expect(page.state().connection).toBe("lost")
    page.at(1).emit("snapshot", { ...snapshot, totals: { ...snapshot.totals, entered: 7 } })
    expect(page.state()).toMatchObject({ connection: "open", stats: { totals: { entered: 7 } } })
  })

  it("goes on trying when the new stream is silent as well", () => {
    const page = follow()
    page.pass(3 * silenceMs)
    expect(page.opened).toHaveLength(4)
    expect(page.state()).toMatchObject({ connection: "lost", heardAt: undefined })
  })

  it("is lost at once when the network goes, and is back with it", () => {
    const page = follow()
    page.at(0).emit("snapshot", snapshot)
    page.pass(500)
    page.network("offline")
    expect(page.state()).toMatchObject({ connection: "lost", heardAt: 1_000 })
    expect(page.at(0).isClosed()).toBe(true)
    page.network("online")
    page.pass(0)
    page.at(1).emit("snapshot", snapshot)
    expect(page.state()).toMatchObject({ connection: "open", heardAt: 1_500 })
    page.pass(10_000)
    expect(page.opened).toHaveLength(2)
  })

  it("tries without the network's word, too: some machines call themselves offline and reach the server", () => {
    const page = follow()
    page.network("offline")
    page.pass(2_000)
    page.at(1).emit("snapshot", snapshot)
    expect(page.state().connection).toBe("open")
  })

  it("opens the stream anew when the browser has given up, and leaves it alone while that tries itself", () => {
    const page = follow()
    page.at(0).emit("error")
    page.pass(10_000)
    expect(page.opened).toHaveLength(1)
    page.at(0).source.readyState = 2
    page.at(0).emit("error")
    page.pass(2_000)
    page.at(1).emit("snapshot", snapshot)
    expect(page.opened).toHaveLength(2)
    expect(page.state().connection).toBe("open")
  })

  it("closes the stream and waits for nothing more", () => {
    const page = follow()
    page.network("offline")
    page.pass(2_000)
    page.live.close()
    expect(page.at(1).isClosed()).toBe(true)
    expect(page.waiting()).toBe(0)
    page.network("online")
    expect(page.waiting()).toBe(0)
  })

  it("counts what falls through an edge as well", () => {
    const stats = { entered: 9, inside: 0, left: { next: 6, suppressed: 2, failed: 1 }, ended: {}, failed: 1 }
    expect(edgeCount(stats, "next", ["suppressed", "failed"])).toBe(9)
    expect(edgeCount(stats, "next", [])).toBe(6)
  })
})
