import { useQuery } from "@tanstack/react-query"
import { useEffect } from "react"
import { useApi } from "../app/api.ts"
import { type Catalogue, emptyCatalogue, toKnowledge } from "./fields/catalogue.ts"
import { useSession } from "./session/session-context.ts"

const staleMs = 30_000

/** What the workspace has learned; the session's checks hear of it too. */
export function useCatalogueData(): Catalogue {
  const api = useApi()
  const session = useSession()
  const { data = emptyCatalogue } = useQuery(
    api.catalogue.list.queryOptions(undefined, { staleTime: staleMs }),
  )
  useEffect(() => session.learn(toKnowledge(data)), [session, data])
  return data
}
