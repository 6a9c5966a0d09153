import { type Icon, IconPuzzle } from "@tabler/icons-react"
import { type NodeType, nodeTypeOf } from "@viaggio/journey-model"
import type { ComponentType } from "react"
import { delayFace } from "./delay.tsx"
import { emailFace } from "./email.tsx"
import { eventEntryFace } from "./event-entry.tsx"
import { exitFace } from "./exit.tsx"
import type { Face, FaceProps } from "./face.ts"
import { randomSplitFace } from "./random-split.tsx"
import { splitFace } from "./split.tsx"
import { updateProfileFace } from "./update-profile.tsx"
import { waitForEventFace } from "./wait-for-event.tsx"
import { webhookFace } from "./webhook.tsx"

/** The face of every node type; one that is missing here does not compile. */
const faces = {
  "event-entry": eventEntryFace,
  delay: delayFace,
  "wait-for-event": waitForEventFace,
  split: splitFace,
  "random-split": randomSplitFace,
  email: emailFace,
  webhook: webhookFace,
  "update-profile": updateProfileFace,
  exit: exitFace,
} satisfies { [T in NodeType]: Face<T> }

/** A face whose form takes whatever configuration its definition has parsed. */
export type AnyFace = { Icon: Icon; Form: ComponentType<FaceProps> | undefined }

/** The face of a node; a type that is not known here has an icon and no form. */
export function faceOf(type: string): AnyFace {
  return isKnown(type) ? (faces[type] as unknown as AnyFace) : { Icon: IconPuzzle, Form: undefined }
}

const isKnown = (type: string): type is NodeType => Object.hasOwn(faces, type)

/** The node types that the palette offers: everything but the entry, which every journey has already. */
export const insertableTypes = (Object.keys(faces) as NodeType[]).filter(type => type !== "event-entry")

/** The family that gives a node its colour; `data` for a type that is not known here. */
export const familyOf = (type: string): string => nodeTypeOf(type)?.family ?? "data"
