import { keysRouter, sessionRouter, setupRouter, workspacesRouter } from "./procedures/account.ts"
import { catalogueRouter, clockRouter, customersRouter, messagesRouter } from "./procedures/customers.ts"
import { journeysRouter } from "./procedures/journeys.ts"
import { router } from "./trpc.ts"

/** Everything that the web app can ask of the server, at `/api/trpc`. */
export const appRouter = router({
  session: sessionRouter,
  setup: setupRouter,
  workspaces: workspacesRouter,
  keys: keysRouter,
  journeys: journeysRouter,
  catalogue: catalogueRouter,
  customers: customersRouter,
  messages: messagesRouter,
  clock: clockRouter,
})

export type AppRouter = typeof appRouter
