import type { ConfigOf, NodeType, Problem } from "@viaggio/journey-model"

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
