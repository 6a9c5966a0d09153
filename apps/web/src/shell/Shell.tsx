import { Outlet, useMatchRoute, useRouterState } from "@tanstack/react-router"
import { Suspense, useEffect, useRef } from "react"
import { useTranslation } from "react-i18next"
import { useWorkspace, type WorkspaceSummary } from "../app/workspace.ts"
import { PageSkeleton } from "../ui/PageSkeleton.tsx"
import { Rail } from "./Rail.tsx"
import classes from "./Shell.module.css"

/** The rail on the left and the page beside it. On the canvas the rail folds to its icons. */
export function Shell({
  user,
  workspaces,
}: {
  user: { name: string; email: string }
  workspaces: WorkspaceSummary[]
}) {
  const { t } = useTranslation("shell")
  const { id: workspace } = useWorkspace()
  const onCanvas = Boolean(useMatchRoute()({ to: "/w/$workspace/journeys/$key" }))
  const pathname = useRouterState({ select: state => state.location.pathname })
  const main = useRef<HTMLElement>(null)
  const shownPath = useRef(pathname)
  useEffect(() => {
    // A new page is read from its beginning; the first one is left to the browser.
    if (shownPath.current !== pathname) main.current?.focus({ preventScroll: true })
    shownPath.current = pathname
  }, [pathname])
  return (
    <div className={classes.root}>
      <a className={classes.skip} href="#main">
        {t("skip")}
      </a>
      <Rail user={user} workspaces={workspaces} folded={onCanvas} />
      <main id="main" ref={main} tabIndex={-1} className={classes.main} data-canvas={onCanvas}>
        {/* Nothing of one workspace stays on screen in another one. */}
        <Suspense key={workspace} fallback={<PageSkeleton />}>
          <Outlet />
        </Suspense>
      </main>
    </div>
  )
}
