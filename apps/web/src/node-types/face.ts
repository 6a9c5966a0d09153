import type { Icon } from "@tabler/icons-react"
import type { ConfigOf, NodeType, Problem } from "@viaggio/journey-model"
import type { ComponentType } from "react"

/**
 * What an inspector form gets. `onChange` takes the whole new configuration; `field` names what was changed, so
 * that the letters of one word become one undo step.
 */
export type FaceProps<T extends NodeType = NodeType> = {
  id: string
  config: ConfigOf<T>
  onChange: (config: ConfigOf<T>, field: string) => void
  /** The problems of this node, to be shown at the field that they name. */
  problems: readonly Problem[]
}

/** What a node type looks like: the rest (card, palette, search) comes from its definition. */
export type Face<T extends NodeType> = { Icon: Icon; Form: ComponentType<FaceProps<T>> }
