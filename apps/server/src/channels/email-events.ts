import type { JsonObject } from "@viaggio/journey-model"
import type { Published } from "../engine/programs.ts"
import { type Incoming, readCall } from "../ingest/message.ts"

/** What becomes of a message, as events of its customer that journeys can wait for. */
export const EmailEvent = {
  bounced: "Email Bounced",
  refused: "Email Refused",
  opened: "Email Opened",
  clicked: "Email Clicked",
  unsubscribed: "Email Unsubscribed",
} as const
export type EmailEvent = (typeof EmailEvent)[keyof typeof EmailEvent]

/** A message as its events need it. */
export type EventSource = { id: string; profile_id: string; node: number }

/**
 * An event about a message.
 * @param messageId the same each time it is told of the same thing
 */
export const emailEvent = (
  event: EmailEvent,
  source: EventSource,
  published: Published | undefined,
  messageId: string,
  more: JsonObject = {},
): Incoming =>
  aboutPerson(source, {
    type: "track",
    event,
    messageId,
    properties: {
      journey: published?.journeyKey ?? "",
      node: published?.program.nodes[source.node]?.id ?? "",
      message: source.id,
      ...more,
    },
  })

/** A change of the customer's own values that came of a message. */
export const emailTraits = (source: EventSource, messageId: string, traits: JsonObject): Incoming =>
  aboutPerson(source, { type: "identify", messageId, traits })

/** It is about the person of the message, whomever their identifiers name by now. */
const aboutPerson = ({ profile_id }: EventSource, call: object): Incoming => ({
  ...(readCall({ userId: profile_id, ...call }, 0, "") as Incoming),
  identifiers: [],
})
