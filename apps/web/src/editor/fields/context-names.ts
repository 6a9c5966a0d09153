import { type JourneyNode, readNode } from "@viaggio/journey-model"
import { useMemo } from "react"
import { useSessionState } from "../session/session-context.ts"

/** The names that nodes of the journey put into the context, each once, in the order of the document. */
export function contextNamesOf(nodes: readonly JourneyNode[]): string[] {
  const names = nodes.flatMap(node => {
    const { known } = readNode(node)
    return known?.definition.sets?.(known.config).map(({ name }) => name) ?? []
  })
  return [...new Set(names)].filter(name => name !== "")
}

/** The names that conditions, values and templates of the journey being edited can find in the context. */
export function useContextNames(): readonly string[] {
  const nodes = useSessionState(state => state.history.journey.nodes)
  return useMemo(() => contextNamesOf(nodes), [nodes])
}
