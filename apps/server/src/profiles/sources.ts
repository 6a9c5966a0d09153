import {
  addressAttribute,
  formatInstant,
  type JsonObject,
  suppressedAttribute,
  unsubscribedAttribute,
} from "@viaggio/journey-model"
import type { Consent, ProfileView } from "../answers.ts"
import type { Db } from "../db/client.ts"
import { suppressionSlot } from "../ingest/keys.ts"
import { isImported } from "../ingest/message.ts"
import type { Workspace } from "../workspaces/workspace.ts"
import type { FoundProfile } from "./find.ts"
import * as store from "./store.ts"

const address = /^[^\s@]+@[^\s@]+$/

/**
 * When each value was said and by whom: the event of that very instant that brought the attribute. Where there is
 * none, a node of a journey has set it.
 */
export async function sourcesOf(db: Db, row: FoundProfile): Promise<ProfileView["values"]> {
  const times = Object.entries(row.value_times).filter(([name]) => name in row.attributes)
  if (times.length === 0) return {}
  const places = [row, ...row.absorbed]
  const events = await store.readTraitEvents(db, {
    buckets: places.map(place => place.bucket),
    ids: places.map(place => place.id),
    times: [...new Set(times.map(([, at]) => at))].map(formatInstant),
  })
  return Object.fromEntries(
    times.map(([attribute, at]) => {
      const event = events.find(each => each.at === at && each.attributes.includes(attribute))
      const via = event && (isImported(event.message_id) ? "import" : (event.sent_by ?? undefined))
      const source =
        event === undefined
          ? ({ kind: "journey" } as const)
          : ({
              kind: "event",
              name: event.name ?? "",
              messageId: event.message_id,
              ...(via === undefined ? {} : { via }),
            } as const)
      return [attribute, { at: formatInstant(at), source }]
    }),
  )
}

/** Whether marketing e-mail reaches a customer with these attributes, as the e-mail node and the dispatcher see it. */
export async function consentOf(db: Db, workspace: Workspace, attributes: JsonObject): Promise<Consent> {
  const given = attributes[addressAttribute]
  const to = typeof given === "string" ? given.trim().toLowerCase() : ""
  if (!address.test(to)) return { email: "no-address", reasons: [] }
  const rows = await store.readSuppressions(db, {
    slot: suppressionSlot(workspace.id, to),
    workspace: workspace.id,
    address: to,
  })
  const reasons = rows.map(({ reason, at, source }) => ({ reason, at: formatInstant(at), source }))
  const suppressed = attributes[suppressedAttribute]
  if (
    (typeof suppressed === "string" && suppressed.trim().toLowerCase() === to) ||
    reasons.some(({ reason }) => reason !== "unsubscribed")
  )
    return { email: "suppressed", reasons }
  const isOut = attributes[unsubscribedAttribute] === true || reasons.length > 0
  return { email: isOut ? "unsubscribed" : "subscribed", reasons }
}
