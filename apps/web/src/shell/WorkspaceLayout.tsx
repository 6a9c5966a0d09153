import { useQueryClient, useSuspenseQuery } from "@tanstack/react-query"
import { getRouteApi } from "@tanstack/react-router"
import { useEffect, useMemo } from "react"
import { rememberWorkspace, sessionOptions } from "../app/account.ts"
import { createApiClient, WorkspaceApiProvider } from "../app/api.ts"
import { WorkspaceContext } from "../app/workspace.ts"
import { Shell } from "./Shell.tsx"

const route = getRouteApi("/w/$workspace")

/** Everything under `/w/$workspace`: gives the pages their workspace and a client that speaks for it. */
export function WorkspaceLayout() {
  const { workspace: id } = route.useParams()
  const queryClient = useQueryClient()
  const client = useMemo(() => createApiClient(id), [id])
  const { data: session } = useSuspenseQuery(sessionOptions)
  const workspace = session.workspaces.find(each => each.id === id)
  useEffect(() => rememberWorkspace(id), [id])
  // The route lets nobody in without one; this is the moment in which signing out empties the session.
  if (!workspace || !session.user) return null
  return (
    <WorkspaceApiProvider trpcClient={client} queryClient={queryClient} keyPrefix={id}>
      <WorkspaceContext value={workspace}>
        <Shell user={session.user} workspaces={session.workspaces} />
      </WorkspaceContext>
    </WorkspaceApiProvider>
  )
}
