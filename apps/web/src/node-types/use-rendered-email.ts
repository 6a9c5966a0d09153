import { useQuery } from "@tanstack/react-query"
import {
  type ConfigOf,
  compileEmail,
  type JsonObject,
  type RenderedEmail,
  renderEmail,
} from "@viaggio/journey-model"
import { useContext, useDeferredValue, useMemo } from "react"
import { useApi } from "../app/api.ts"
import { EntryEventContext, useCatalogue } from "../editor/fields/catalogue.ts"
import { sampleValues } from "../editor/fields/sample-values.ts"

/** What a message would be for one customer. `missing`: values without which it would not be sent. */
export type EmailView = {
  email: RenderedEmail | undefined
  /** The template cannot be read at all. */
  isUnreadable: boolean
  /** Why a template that can be read cannot be filled in. */
  reason: string | undefined
  missing: readonly string[]
  /** The entry event that the values came from; absent where samples stand for it. */
  entry: { name: string; at: string; properties: JsonObject } | undefined
  isLoading: boolean
  error: unknown
}

/** The message as a customer would get it, else as somebody with the catalogue's sample values; keeps up with typing. */
export function useRenderedEmail(config: ConfigOf<"email">, customer: string | undefined): EmailView {
  const api = useApi()
  const catalogue = useCatalogue()
  const entryEvent = useContext(EntryEventContext)
  const shown = useDeferredValue(config)
  const facts = useQuery(
    api.customers.facts.queryOptions(
      { id: customer ?? "", ...(entryEvent === "" ? {} : { event: entryEvent }) },
      { enabled: customer !== undefined, staleTime: 60_000 },
    ),
  )
  const known = customer === undefined ? undefined : facts.data
  const isLoading = customer !== undefined && facts.isPending
  const view = useMemo(() => {
    const nothing = { email: undefined, isUnreadable: false, reason: undefined, missing: [] }
    const compiled = compileEmail(shown)
    if (!compiled.ok) return { ...nothing, isUnreadable: true }
    const samples = sampleValues(catalogue, entryEvent)
    const values: JsonObject = known
      ? {
          profile: known.attributes as JsonObject,
          entry: known.entry
            ? { name: known.entry.name, at: known.entry.at, properties: known.entry.properties as JsonObject }
            : (samples.entry ?? {}),
          context: {},
        }
      : samples
    const missing = known
      ? compiled.value.required
          .filter(path => path[0] !== "context" && isMissing(values, path))
          .map(path => path.join("."))
      : []
    try {
      const email = renderEmail(compiled.value, values, { unsubscribe: "#unsubscribe" })
      return { ...nothing, email, missing }
    } catch (error) {
      return { ...nothing, reason: error instanceof Error ? error.message : String(error), missing }
    }
  }, [shown, catalogue, entryEvent, known])
  return {
    ...view,
    ...(isLoading ? { email: undefined } : {}),
    entry: known?.entry as EmailView["entry"],
    isLoading,
    error: customer === undefined ? undefined : facts.error,
  }
}

function isMissing(values: JsonObject, path: readonly string[]): boolean {
  let at: unknown = values
  for (const name of path) {
    if (typeof at !== "object" || at === null) return true
    at = (at as Record<string, unknown>)[name]
  }
  return at === undefined || at === null
}
