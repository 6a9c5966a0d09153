import { describe, expect, it } from "vitest"
import { mostPastEvents, type PastItem, readPastEvents } from "./past-events.ts"

const at = (minute: number) => new Date(Date.UTC(2026, 10, 21, 9, minute)).toISOString()
const event = (minute: number, more: Partial<PastItem> = {}): PastItem => ({
  kind: "event",
  at: at(minute),
  type: "track",
  name: "Order Completed",
  messageId: `m${minute}`,
  properties: { total: minute },
  ...more,
})

/** A timeline of these pages, newest first; the mark of the next page is its number. */
const timelineOf = (pages: PastItem[][]) => {
  const asked: (string | undefined)[] = []
  const readPage = async (before: string | undefined) => {
    asked.push(before)
    const index = Number(before ?? 0)
    return { items: pages[index] ?? [], ...(index + 1 < pages.length ? { next: String(index + 1) } : {}) }
  }
  return { readPage, asked }
}

describe("the past of a customer who walks", () => {
  it("is what they did over all pages, oldest first", async () => {
    const { readPage, asked } = timelineOf([[event(3), event(2)], [event(1)]])
    const past = await readPastEvents(readPage)
    expect(past.map(each => each.messageId)).toEqual(["m1", "m2", "m3"])
    expect(past[0]).toEqual({
      name: "Order Completed",
      at: Date.parse(at(1)),
      properties: { total: 1 },
      messageId: "m1",
    })
    expect(asked).toEqual([undefined, "1"])
  })

  it("leaves out steps, messages and calls that are no events of a journey", async () => {
    const { readPage } = timelineOf([
      [
        event(6, { type: "identify", name: "" }),
        event(5, { type: "group", name: "Acme" }),
        { kind: "step", at: at(4) },
        { kind: "message", at: at(3) },
        event(2, { type: "page", name: "Page Viewed" }),
        event(1, { type: "screen", name: "Screen Viewed" }),
      ],
    ])
    const past = await readPastEvents(readPage)
    expect(past.map(each => each.name)).toEqual(["Screen Viewed", "Page Viewed"])
  })

  it("ends at the most that a walk is given, the newest of them", async () => {
    const page = (newest: number) => Array.from({ length: 200 }, (_, index) => event(newest - index))
    const { readPage, asked } = timelineOf([page(900), page(700), page(500), page(300)])
    const past = await readPastEvents(readPage)
    expect(past).toHaveLength(mostPastEvents)
    expect(past.at(-1)?.messageId).toBe("m900")
    expect(asked).toHaveLength(3)
  })

  it("gives up on a timeline without end", async () => {
    let asked = 0
    const past = await readPastEvents(async () => {
      asked += 1
      return { items: [{ kind: "step", at: at(1) }], next: "more" }
    })
    expect(past).toEqual([])
    expect(asked).toBe(20)
  })
})
