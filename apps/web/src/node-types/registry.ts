import {
  type Icon,
  IconArrowsShuffle,
  IconArrowsSplit2,
  IconClock,
  IconEar,
  IconFlag,
  IconMail,
  IconPlayerPlay,
  IconPuzzle,
  IconUserEdit,
  IconWebhook,
} from "@tabler/icons-react"
import { type NodeType, nodeTypeOf } from "@viaggio/journey-model"

/** The icon of every node type; one that is missing here does not compile. The forms come later, with the inspector. */
const icons = {
  "event-entry": IconPlayerPlay,
  delay: IconClock,
  "wait-for-event": IconEar,
  split: IconArrowsSplit2,
  "random-split": IconArrowsShuffle,
  email: IconMail,
  webhook: IconWebhook,
  "update-profile": IconUserEdit,
  exit: IconFlag,
} satisfies { [T in NodeType]: Icon }

/** The icon of a node; of a type that is not known here as well. */
export const iconOf = (type: string): Icon => (isKnown(type) ? icons[type] : IconPuzzle)

const isKnown = (type: string): type is NodeType => Object.hasOwn(icons, type)

/** The node types that the palette offers: everything but the entry, which every journey has already. */
export const insertableTypes = (Object.keys(icons) as NodeType[]).filter(type => type !== "event-entry")

/** The family that gives a node its colour; `data` for a type that is not known here. */
export const familyOf = (type: string): string => nodeTypeOf(type)?.family ?? "data"
