import { createTRPCClient, httpBatchLink, TRPCClientError } from "@trpc/client"
import type { inferRouterOutputs } from "@trpc/server"
import { createTRPCContext } from "@trpc/tanstack-react-query"
import type { AppRouter } from "@viaggio/server"
import { watchedFetch } from "./connection.ts"

export type Outputs = inferRouterOutputs<AppRouter>

const workspaceContext = createTRPCContext<AppRouter, { keyPrefix: true }>()

/** The server's procedures for the workspace on screen; query keys carry its id, so workspaces never mix. */
export const useApi = workspaceContext.useTRPC
/** The same as a plain client, for calls outside of a query. */
export const useApiClient = workspaceContext.useTRPCClient
export const WorkspaceApiProvider = workspaceContext.TRPCProvider

/** A client whose calls name the workspace (its public id) in the header `x-workspace`. */
export function createApiClient(workspaceId?: string) {
  return createTRPCClient<AppRouter>({
    links: [
      httpBatchLink({
        url: "/api/trpc",
        maxURLLength: 4_000,
        fetch: watchedFetch as never,
        headers: workspaceId ? { "x-workspace": workspaceId } : {},
      }),
    ],
  })
}

/** Whether an error is the server's own answer, as opposed to no answer at all. */
export function isApiError(error: unknown): error is TRPCClientError<AppRouter> {
  return error instanceof TRPCClientError
}
