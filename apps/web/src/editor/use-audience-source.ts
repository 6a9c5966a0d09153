import { keepPreviousData, useQuery } from "@tanstack/react-query"
import {
  addressAttribute,
  splitPath,
  suppressedAttribute,
  unsubscribedAttribute,
} from "@viaggio/journey-model"
import { useMemo, useState } from "react"
import { useApi } from "../app/api.ts"
import type { AudienceSource } from "../simulation/learned.ts"
import { useCatalogue } from "./fields/catalogue.ts"

/** So many customers stand for the whole workspace; the preview copies them. */
const sampleSize = 2_000
const mostNames = 500
/** What people did in a month does not change while somebody draws. */
const staleMs = 5 * 60_000

/** What the workspace knows for the preview with an audience: what customers do, and some of them. */
export function useAudienceSource(): AudienceSource {
  const api = useApi()
  const catalogue = useCatalogue()
  const [asked, setAsked] = useState<{ after: string; events: string[] } | undefined>()
  const [wantsSample, setWantsSample] = useState(false)
  const rates = useQuery(
    api.simulation.rates.queryOptions(asked ?? { after: "", events: [] }, {
      enabled: asked !== undefined && asked.after !== "",
      placeholderData: keepPreviousData,
      staleTime: staleMs,
    }),
  )
  const attributes = useMemo(() => {
    const known = catalogue.attributes.map(({ path }) => splitPath(path)[0] ?? path)
    // Without these no message would be sent as it is in earnest, whatever was seen so far.
    const always = [addressAttribute, unsubscribedAttribute, suppressedAttribute]
    return [...new Set([...always, ...known])].slice(0, mostNames)
  }, [catalogue.attributes])
  const sample = useQuery(
    api.simulation.sample.queryOptions(
      { most: sampleSize, attributes, events: asked?.events ?? [] },
      { enabled: wantsSample && asked !== undefined, staleTime: staleMs },
    ),
  )
  return useMemo(
    () => ({
      rates: rates.data,
      sampled: sample.data,
      sampleFailed: sample.isError,
      onNeed: setAsked,
      onSample: () => setWantsSample(true),
    }),
    [rates.data, sample.data, sample.isError],
  )
}
