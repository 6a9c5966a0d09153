import { useContext, useMemo } from "react"
import { graphOf } from "../graph/graph-index.ts"
import { useSessionState } from "../session/session-context.ts"
import { EntryEventContext, propertiesOf, useCatalogue } from "./catalogue.ts"
import { contextNamesOf } from "./context-names.ts"

/** A value that a template at some node can read, with what it was for somebody. */
export type Variable = { path: string; sample: string }

/** What exists for a customer who comes to a node: attributes, the entry event, and what steps on the way kept. */
export function useVariables(node: string, options: { links: boolean }): readonly Variable[] {
  const catalogue = useCatalogue()
  const entryEvent = useContext(EntryEventContext)
  const journey = useSessionState(state => state.history.journey)
  return useMemo(() => {
    const { into, nodes } = graphOf(journey)
    const before = new Set<string>()
    const waiting = [node]
    for (const id of waiting)
      for (const { from } of into.get(id) ?? [])
        if (!before.has(from)) {
          before.add(from)
          waiting.push(from)
        }
    const kept = contextNamesOf([...before].flatMap(id => nodes.get(id) ?? []))
    const fields = (prefix: string, known: readonly { path: string; samples: readonly unknown[] }[]) =>
      known.map(({ path, samples: [sample] }) => ({
        path: prefix + path,
        sample: sample === undefined ? "" : typeof sample === "string" ? sample : JSON.stringify(sample),
      }))
    return [
      ...fields("profile.", catalogue.attributes),
      ...fields("entry.properties.", propertiesOf(catalogue, entryEvent)),
      { path: "entry.name", sample: entryEvent },
      { path: "entry.at", sample: "" },
      ...kept.map(name => ({ path: `context.${name}`, sample: "" })),
      ...(options.links ? [{ path: "links.unsubscribe", sample: "" }] : []),
    ]
  }, [catalogue, entryEvent, journey, node, options.links])
}
