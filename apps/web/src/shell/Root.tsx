import { Outlet, useNavigate, useRouterState } from "@tanstack/react-router"
import { useEffect } from "react"
import { sessionOptions } from "../app/account.ts"
import { onSignedOut, queryClient } from "../app/query-client.ts"

/** The frame of every page: watches for a session that ended, and sends the person back to where they were after signing in. */
export function Root() {
  const navigate = useNavigate()
  const here = useRouterState({ select: state => state.location })
  useEffect(
    () =>
      onSignedOut(() => {
        if (!here.pathname.startsWith("/w/")) return
        queryClient.removeQueries({ queryKey: sessionOptions.queryKey })
        void navigate({ to: "/sign-in", search: { to: here.href } })
      }),
    [navigate, here],
  )
  return <Outlet />
}
