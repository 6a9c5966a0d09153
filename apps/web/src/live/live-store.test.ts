import type { JourneyStats } from "@viaggio/journey-model"
import { describe, expect, it } from "vitest"
import { edgeCount, followLive, type LiveSource } from "./live-store.ts"

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
  const emit = (type: string, data: unknown = {}) => listeners.get(type)?.({ data: JSON.stringify(data) })
  return { source, emit, isClosed: () => closed }
}

const follow = (fake: ReturnType<typeof openFake>, now = () => 0) =>
  followLive({ open: () => fake.source, now, after: () => () => {} })

describe("the live numbers", () => {
  it("takes a snapshot and then only what changed", () => {
    const fake = openFake()
    const live = follow(fake, () => 5)
    fake.emit("snapshot", snapshot)
    const before = live.store.getState().stats
    fake.emit("delta", {
      totals: { ...snapshot.totals, entered: 3 },
      nodes: { start: { ...snapshot.nodes.start, entered: 3 } },
    })
    const after = live.store.getState().stats
    expect(after?.totals.entered).toBe(3)
    expect(after?.nodes.start?.entered).toBe(3)
    expect(after?.nodes.mail).toBe(before?.nodes.mail)
  })

  it("keeps the last numbers and their age while the connection is lost, and heals by a snapshot", () => {
    const fake = openFake()
    let now = 1_000
    const live = follow(fake, () => now)
    fake.emit("snapshot", snapshot)
    now = 9_000
    fake.emit("error")
    expect(live.store.getState()).toMatchObject({ connection: "lost", heardAt: 1_000 })
    expect(live.store.getState().stats?.totals.entered).toBe(2)
    fake.emit("snapshot", { ...snapshot, totals: { ...snapshot.totals, entered: 7 } })
    expect(live.store.getState()).toMatchObject({ connection: "open", heardAt: 9_000 })
    expect(live.store.getState().stats?.totals.entered).toBe(7)
  })

  it("ignores a delta before the first snapshot", () => {
    const fake = openFake()
    const live = follow(fake)
    fake.emit("delta", { nodes: {} })
    expect(live.store.getState().stats).toBeUndefined()
  })

  it("opens the stream anew when the browser has given up", () => {
    const sources = [openFake(), openFake()]
    const waiting: (() => void)[] = []
    let opened = 0
    const live = followLive({
      open: () => sources[opened++]!.source,
      now: () => 0,
      after: (_delayMs, run) => {
        waiting.push(run)
        return () => {}
      },
    })
    sources[0]!.emit("error")
    expect(waiting).toHaveLength(0)
    sources[0]!.source.readyState = 2
    sources[0]!.emit("error")
    waiting.pop()?.()
    sources[1]!.emit("snapshot", snapshot)
    expect(opened).toBe(2)
    expect(live.store.getState()).toMatchObject({ connection: "open" })
  })

  it("closes the stream", () => {
    const fake = openFake()
    follow(fake).close()
    expect(fake.isClosed()).toBe(true)
  })

  it("counts what falls through an edge as well", () => {
    const stats = { entered: 9, inside: 0, left: { next: 6, suppressed: 2, failed: 1 }, ended: {}, failed: 1 }
    expect(edgeCount(stats, "next", ["suppressed", "failed"])).toBe(9)
    expect(edgeCount(stats, "next", [])).toBe(6)
  })
})
