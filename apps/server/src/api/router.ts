import type { Access } from "./access.ts"
import { accountRouter, sessionRouter, setupRouter } from "./procedures/account.ts"
import {
  catalogueRouter,
  clockRouter,
  customersRouter,
  providersRouter,
  suppressionsRouter,
} from "./procedures/customers.ts"
import { importsRouter } from "./procedures/imports.ts"
import { journeysRouter } from "./procedures/journeys.ts"
import { invitationsRouter, membersRouter } from "./procedures/members.ts"
import { messagesRouter } from "./procedures/messages.ts"
import { sampleStoreRouter } from "./procedures/sample.ts"
import { setAsideRouter } from "./procedures/set-aside.ts"
import { simulationRouter } from "./procedures/simulation.ts"
import { statusRouter } from "./procedures/status.ts"
import { keysRouter, webhooksRouter, workspacesRouter } from "./procedures/workspaces.ts"
import { router } from "./trpc.ts"

/** Everything that the web app can ask of the server, at `/api/trpc`. */
export const appRouter = router({
  session: sessionRouter,
  setup: setupRouter,
  account: accountRouter,
  workspaces: workspacesRouter,
  members: membersRouter,
  invitations: invitationsRouter,
  keys: keysRouter,
  webhooks: webhooksRouter,
  journeys: journeysRouter,
  catalogue: catalogueRouter,
  customers: customersRouter,
  imports: importsRouter,
  simulation: simulationRouter,
  sampleStore: sampleStoreRouter,
  messages: messagesRouter,
  suppressions: suppressionsRouter,
  providers: providersRouter,
  clock: clockRouter,
  setAside: setAsideRouter,
  status: statusRouter,
})

type Definition = { type: "query" | "mutation" | "subscription"; meta?: { access: Access } }

/** Every procedure by its path, with who may call it; the start fails at one that does not say so. */
export const procedures = Object.entries(appRouter._def.procedures).map(([path, procedure]) => {
  const { type, meta } = (procedure as unknown as { _def: Definition })._def
  if (meta?.access === undefined) throw new Error(`${path} does not say who may call it`)
  return { path, type, access: meta.access }
})

export type AppRouter = typeof appRouter
