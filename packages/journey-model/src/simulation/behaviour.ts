import type { Program } from "../engine/compile.ts"
import { NodeType } from "../node-types/registry.ts"
import { dayMs } from "../values/duration.ts"
import type { Chance } from "./chance.ts"

/** What becomes of a message, as the name of the event by which its customer's journeys hear of it. */
export const MessageReaction = {
  opened: "Email Opened",
  clicked: "Email Clicked",
  bounced: "Email Bounced",
  unsubscribed: "Email Unsubscribed",
} as const
export type MessageReaction = keyof typeof MessageReaction

/** How people answer one message; who clicks has opened it. */
export type Reactions = { [Reaction in MessageReaction]: Chance }

/**
 * What customers do. `arrivalMs`: the entry events are spread evenly over so long. `events` by name: how many do it
 * after the entry event, and after each message. `messages`: by e-mail node.
 */
export type Behaviour = {
  arrivalMs: number
  events: { [event: string]: { after: Chance; afterMessage: Chance } }
  messages: { [node: string]: Reactions }
}

const hourMs = 3_600_000
const hours = (...quantiles: number[]): number[] => quantiles.map(quantile => Math.round(quantile * hourMs))

/** Quick at first and then ever slower, as people are: half of those who do it at all do it within three days. */
const afterEntryMs = hours(0.1, 2, 6, 16, 36, 72, 120, 192, 288, 432, 720)
const afterMessageMs = hours(0.02, 0.3, 1, 3, 8, 20, 36, 60, 90, 120, 168)
const openedMs = hours(0.005, 0.1, 0.4, 1, 2, 4, 8, 14, 24, 48, 120)

/** Before anything has been learned: ordinary figures of a shop. */
export const ordinary = {
  event: {
    after: { share: 0.3, delaysMs: afterEntryMs },
    afterMessage: { share: 0.02, delaysMs: afterMessageMs },
  },
  reactions: {
    opened: { share: 0.35, delaysMs: openedMs },
    clicked: { share: 0.04, delaysMs: openedMs },
    bounced: { share: 0.01, delaysMs: hours(0, 0, 0, 0, 0, 0, 0.01, 0.02, 0.05, 0.2, 1) },
    unsubscribed: { share: 0.003, delaysMs: openedMs },
  },
} as const satisfies { event: Behaviour["events"][string]; reactions: Reactions }

const reactionEvents: ReadonlySet<string> = new Set(Object.values(MessageReaction))

/** The events that make a difference to a journey besides the one by which customers come in, sorted by name. */
export function audienceEvents({ nodes, needs, admission }: Program): string[] {
  const names = new Set([
    ...needs.digest,
    ...needs.history.keys(),
    ...nodes.flatMap(node => [...node.waitsFor]),
  ])
  // Who comes in has done the entry event; whether they do it again matters only where that can lead to something.
  if (!names.has(admission.event) && admission.reentry.mode !== "once") names.add(admission.event)
  return [...names].filter(name => !reactionEvents.has(name)).sort()
}

/** The ordinary behaviour for every event and message of a journey; everybody comes in within `days`. */
export function ordinaryBehaviour(program: Program, days: number): Behaviour {
  return {
    arrivalMs: days * dayMs,
    events: Object.fromEntries(audienceEvents(program).map(event => [event, ordinary.event])),
    messages: Object.fromEntries(
      program.nodes.filter(node => node.type === NodeType.email).map(node => [node.id, ordinary.reactions]),
    ),
  }
}
