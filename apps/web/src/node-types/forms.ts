import type { NodeType } from "@viaggio/journey-model"
import type { ComponentType } from "react"
import { DelayForm } from "./delay.tsx"
import { EmailForm } from "./email.tsx"
import { EventEntryForm } from "./event-entry.tsx"
import { ExitForm } from "./exit.tsx"
import type { FaceProps } from "./face.ts"
import { RandomSplitForm } from "./random-split.tsx"
import { SplitForm } from "./split.tsx"
import { UpdateProfileForm } from "./update-profile.tsx"
import { WaitForEventForm } from "./wait-for-event.tsx"
import { WebhookForm } from "./webhook.tsx"

/** The inspector form of every node type; one that is missing here does not compile. */
const forms = {
  "event-entry": EventEntryForm,
  delay: DelayForm,
  "wait-for-event": WaitForEventForm,
  split: SplitForm,
  "random-split": RandomSplitForm,
  email: EmailForm,
  webhook: WebhookForm,
  "update-profile": UpdateProfileForm,
  exit: ExitForm,
} satisfies { [T in NodeType]: ComponentType<FaceProps<T>> }

/** A form that takes whatever configuration its definition has parsed. */
export type AnyForm = ComponentType<FaceProps>

/** The form of a node; none for a type that is not known here. */
export const formOf = (type: string): AnyForm | undefined =>
  isKnown(type) ? (forms[type] as unknown as AnyForm) : undefined

const isKnown = (type: string): type is NodeType => Object.hasOwn(forms, type)
