import { useDebouncedValue } from "@mantine/hooks"
import { keepPreviousData, useQuery } from "@tanstack/react-query"
import type { JsonObject } from "@viaggio/journey-model"
import { useContext, useMemo, useState } from "react"
import { useApi, useApiClient } from "../app/api.ts"
import { useNow } from "../app/now.ts"
import { useWorkspace } from "../app/workspace.ts"
import { SimulationPanel } from "../simulation/SimulationPanel.tsx"
import { EntryEventContext, propertiesOf, useCatalogue } from "./fields/catalogue.ts"
import { fromPaths } from "./fields/sample-values.ts"
import { readPastEvents } from "./past-events.ts"
import { useSession, useSessionState } from "./session/session-context.ts"
import { useAudienceSource } from "./use-audience-source.ts"

const offeredCustomers = 20
const pageSize = 200

/** The preview beside the canvas: fetches here what it is given, because the preview itself can reach nothing. */
export function WalkSide() {
  const session = useSession()
  const api = useApi()
  const client = useApiClient()
  const workspace = useWorkspace()
  const catalogue = useCatalogue()
  const event = useContext(EntryEventContext)
  const journey = useSessionState(state => state.history.journey)
  const now = useNow()
  const [startAt] = useState(now)
  const [search, setSearch] = useState("")
  const [chosen, setChosen] = useState<string | undefined>()
  const [asked] = useDebouncedValue(search, 200)
  const found = useQuery(
    api.customers.list.queryOptions(
      { limit: offeredCustomers, ...(asked === "" ? {} : { search: asked }) },
      { placeholderData: keepPreviousData },
    ),
  )
  const customer = useQuery(
    api.customers.get.queryOptions({ id: chosen ?? "" }, { enabled: chosen !== undefined }),
  )
  const past = useQuery({
    queryKey: [...api.customers.timeline.queryKey({ id: chosen ?? "" }), "past-events"],
    queryFn: ({ signal }) =>
      readPastEvents(before =>
        client.customers.timeline.query(
          { id: chosen ?? "", limit: pageSize, ...(before === undefined ? {} : { before }) },
          { signal },
        ),
      ),
    enabled: chosen !== undefined,
  })
  const known = useMemo(
    () =>
      chosen !== undefined && customer.data && past.data
        ? {
            id: customer.data.id,
            attributes: customer.data.attributes as JsonObject,
            history: past.data,
          }
        : undefined,
    [chosen, customer.data, past.data],
  )
  const audience = useAudienceSource()
  const sample = useMemo(
    () => ({
      attributes: { email: "ada@example.com", first_name: "Ada", ...fromPaths(catalogue.attributes) },
      properties: fromPaths(propertiesOf(catalogue, event)),
    }),
    [catalogue, event],
  )
  return (
    <SimulationPanel
      journey={journey}
      workspace={workspace.id}
      startAt={startAt}
      event={event}
      sample={sample}
      sampleOf={name => fromPaths(propertiesOf(catalogue, name))}
      customers={{
        offered: (found.data?.items ?? []).map(each => ({
          id: each.id,
          label: each.name ?? each.email ?? each.userId ?? each.id,
          detail: [each.email, each.userId].filter(Boolean).join(" · "),
        })),
        search,
        onSearch: setSearch,
        chosen: known,
        failed: customer.isError || past.isError,
        onChoose: setChosen,
      }}
      audience={audience}
      onFocusNode={node => session.focusOn({ node })}
      onClose={() => session.show("walk", false)}
    />
  )
}
