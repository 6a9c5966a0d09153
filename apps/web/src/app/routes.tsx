import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  notFound,
  redirect,
} from "@tanstack/react-router"
import { readSearch as readCustomersSearch } from "../customers/search.ts"
import { readSearch as readJourneysSearch } from "../journeys/search.ts"
import { readSearch as readMailboxSearch } from "../mailbox/search.ts"
import { readSearch as readPublishSearch } from "../publish/search.ts"
import { readSearch as readSettingsSearch } from "../settings/search.ts"
import { Root } from "../shell/Root.tsx"
import { WorkspaceLayout } from "../shell/WorkspaceLayout.tsx"
import { PageSkeleton } from "../ui/PageSkeleton.tsx"
import { lastWorkspace, sessionOptions } from "./account.ts"
import { ErrorPage } from "./ErrorPage.tsx"
import NotFoundPage from "./NotFoundPage.tsx"
import { queryClient } from "./query-client.ts"

/** For what stands outside of the shell, which has the landmark otherwise. */
function StandaloneError(props: { error: unknown; reset: () => void }) {
  return (
    <main>
      <ErrorPage {...props} />
    </main>
  )
}

function StandaloneNotFound() {
  return (
    <main>
      <NotFoundPage />
    </main>
  )
}

function StandalonePending() {
  return (
    <main>
      <PageSkeleton />
    </main>
  )
}

const rootRoute = createRootRoute({
  component: Root,
  errorComponent: StandaloneError,
  notFoundComponent: StandaloneNotFound,
})

const homeRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/",
  errorComponent: StandaloneError,
  pendingComponent: StandalonePending,
  beforeLoad: async () => {
    // Asked anew: somebody who was just removed or invited comes here to see where to go.
    const session = await queryClient.fetchQuery({ ...sessionOptions, staleTime: 0 })
    if (!session.setUp) throw redirect({ to: "/setup" })
    if (!session.user) throw redirect({ to: "/sign-in" })
    const last = lastWorkspace()
    const workspace = session.workspaces.find(({ id }) => id === last) ?? session.workspaces[0]
    if (workspace) throw redirect({ to: "/w/$workspace/journeys", params: { workspace: workspace.id } })
  },
  component: lazyRouteComponent(() => import("../shell/NoWorkspacePage.tsx")),
})

const setupRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/setup",
  validateSearch: (search): { token?: string } =>
    typeof search.token === "string" && search.token ? { token: search.token } : {},
  component: lazyRouteComponent(() => import("../setup/SetupPage.tsx")),
})

const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/sign-in",
  // Only paths of our own: a link must not send a person elsewhere after signing in.
  validateSearch: (search): { to?: string } =>
    typeof search.to === "string" && /^\/(?![/\\])/.test(search.to) ? { to: search.to } : {},
  component: lazyRouteComponent(() => import("../sign-in/SignInPage.tsx")),
})

const joinRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/join",
  component: lazyRouteComponent(() => import("../join/JoinPage.tsx")),
})

const workspaceRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/w/$workspace",
  beforeLoad: async ({ params, location }) => {
    const session = await queryClient.ensureQueryData(sessionOptions)
    if (!session.setUp) throw redirect({ to: "/setup" })
    if (!session.user) throw redirect({ to: "/sign-in", search: { to: location.href } })
    const isTheirs = (each: { id: string }) => each.id === params.workspace
    if (session.workspaces.some(isTheirs)) return
    // A workspace made a moment ago is not in what was asked for before.
    const fresh = await queryClient.fetchQuery({ ...sessionOptions, staleTime: 0 })
    if (!fresh.workspaces.some(isTheirs)) throw notFound()
  },
  errorComponent: StandaloneError,
  notFoundComponent: StandaloneNotFound,
  pendingComponent: StandalonePending,
  component: WorkspaceLayout,
})

const journeysRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: "/journeys",
  validateSearch: readJourneysSearch,
  component: lazyRouteComponent(() => import("../journeys/JourneysPage.tsx")),
})

const journeyRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: "/journeys/$key",
  // The editor keeps what is open (panel, node) in the address and reads it itself.
  validateSearch: (search: Record<string, unknown>) => search,
  component: lazyRouteComponent(() => import("../journeys/JourneyPage.tsx")),
})

const publishRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: "/journeys/$key/publish",
  validateSearch: readPublishSearch,
  component: lazyRouteComponent(() => import("../publish/PublishPage.tsx")),
})

const customersRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: "/customers",
  validateSearch: readCustomersSearch,
  component: lazyRouteComponent(() => import("../customers/CustomersPage.tsx")),
})

const customerRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: "/customers/$id",
  component: lazyRouteComponent(() => import("../customers/CustomerPage.tsx")),
})

const importsRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: "/import",
  component: lazyRouteComponent(() => import("../imports/ImportsPage.tsx")),
})

const importRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: "/import/$import",
  component: lazyRouteComponent(() => import("../imports/ImportPage.tsx")),
})

const mailboxRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: "/mailbox",
  validateSearch: readMailboxSearch,
  component: lazyRouteComponent(() => import("../mailbox/MailboxPage.tsx")),
})

const statusRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: "/status",
  component: lazyRouteComponent(() => import("../status/StatusPage.tsx")),
})

const settingsRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: "/settings",
  validateSearch: readSettingsSearch,
  component: lazyRouteComponent(() => import("../settings/SettingsPage.tsx")),
})

const nowhereRoute = createRoute({
  getParentRoute: () => workspaceRoute,
  path: "$",
  component: NotFoundPage,
})

const routeTree = rootRoute.addChildren([
  homeRoute,
  setupRoute,
  signInRoute,
  joinRoute,
  workspaceRoute.addChildren([
    journeysRoute,
    journeyRoute,
    publishRoute,
    customersRoute,
    customerRoute,
    importsRoute,
    importRoute,
    mailboxRoute,
    statusRoute,
    settingsRoute,
    nowhereRoute,
  ]),
])

export function createAppRouter() {
  return createRouter({
    routeTree,
    defaultPreload: "intent",
    defaultErrorComponent: ErrorPage,
    defaultNotFoundComponent: StandaloneNotFound,
    defaultPendingComponent: PageSkeleton,
    defaultPendingMs: 150,
    scrollRestoration: true,
  })
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof createAppRouter>
  }
}
