import type { EventFact, JsonObject } from "@viaggio/journey-model"

/** A line of a customer's timeline as the server gives it, as far as it is read here. */
export type PastItem = {
  kind: string
  at: string
  type?: string
  name?: string
  messageId?: string
  properties?: unknown
}

type Page = { items: readonly PastItem[]; next?: string | undefined }

/** As many of the last events as a walk is given. */
export const mostPastEvents = 500

// Steps and messages stand between the events; whoever has so many of them is looked back at less far.
const mostPages = 20

// What the interpreter sees as an event; the other calls change who somebody is.
const eventCalls = new Set(["track", "page", "screen"])

/** What a customer did, oldest first as it was taken in: the last events of the timeline, page after page. */
export async function readPastEvents(
  readPage: (before: string | undefined) => Promise<Page>,
): Promise<EventFact[]> {
  const events: EventFact[] = []
  let before: string | undefined
  for (let page = 0; page < mostPages && events.length < mostPastEvents; page += 1) {
    const { items, next } = await readPage(before)
    for (const item of items) {
      if (item.kind !== "event" || !item.name || !eventCalls.has(item.type ?? "")) continue
      events.push({
        name: item.name,
        at: Date.parse(item.at),
        properties: (item.properties ?? {}) as JsonObject,
        messageId: item.messageId ?? "",
      })
    }
    if (next === undefined) break
    before = next
  }
  return events.slice(0, mostPastEvents).reverse()
}
