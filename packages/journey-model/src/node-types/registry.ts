import type { NodeTypeDefinition } from "./definition.ts"
import { delay } from "./delay/delay.ts"
import { email } from "./email/email.ts"
import { eventEntry } from "./event-entry/event-entry.ts"
import { exit } from "./exit/exit.ts"
import { randomSplit } from "./random-split/random-split.ts"
import { split } from "./split/split.ts"
import { updateProfile } from "./update-profile/update-profile.ts"
import { waitForEvent } from "./wait-for-event/wait-for-event.ts"
import { webhook } from "./webhook/webhook.ts"

/** The slugs of the node types, as documents write them. */
export const NodeType = {
  eventEntry: "event-entry",
  delay: "delay",
  waitForEvent: "wait-for-event",
  split: "split",
  randomSplit: "random-split",
  email: "email",
  webhook: "webhook",
  updateProfile: "update-profile",
  exit: "exit",
} as const
export type NodeType = (typeof NodeType)[keyof typeof NodeType]

/** Every node type, in the order of the palette. A slug without a definition does not compile. */
export const nodeTypes = {
  "event-entry": eventEntry,
  delay,
  "wait-for-event": waitForEvent,
  split,
  "random-split": randomSplit,
  email,
  webhook,
  "update-profile": updateProfile,
  exit,
} as const satisfies { [Type in NodeType]: NodeTypeDefinition<Type> }

/** The configuration of a node type: `ConfigOf<"delay">` is `{ for: string }`. */
export type ConfigOf<Type extends NodeType> = ReturnType<(typeof nodeTypes)[Type]["defaults"]>

/** The definition of a slug, or undefined when the type is not known here. */
export function nodeTypeOf(slug: string): NodeTypeDefinition<NodeType> | undefined {
  if (!Object.hasOwn(nodeTypes, slug)) return undefined
  return nodeTypes[slug as NodeType] as NodeTypeDefinition<NodeType>
}
