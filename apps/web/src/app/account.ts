import { createTRPCOptionsProxy } from "@trpc/tanstack-react-query"
import type { AppRouter } from "@viaggio/server"
import { createApiClient } from "./api.ts"
import { queryClient } from "./query-client.ts"

export const accountClient = createApiClient()

/** The procedures that need no workspace: session, set-up, making a workspace. */
export const accountApi = createTRPCOptionsProxy<AppRouter>({ client: accountClient, queryClient })

/** Who is signed in, whether the installation is set up, and the workspaces of the person. */
export const sessionOptions = accountApi.session.get.queryOptions(undefined, { staleTime: 60_000 })

/** Why a sign-in was refused: wrong words, too many tries, no answer, or something else. `waitS`: seconds until the next try. */
export type SignInRefusal = { kind: "wrong" | "offline" | "other" } | { kind: "tooMany"; waitS: number }

/** Signs in with e-mail and password; the cookie is the session. */
export async function signIn(email: string, password: string): Promise<SignInRefusal | undefined> {
  const response = await fetch("/api/auth/sign-in/email", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ email, password }),
  }).catch(() => undefined)
  if (response === undefined) return { kind: "offline" }
  if (response.ok) return undefined
  if (response.status === 429)
    return { kind: "tooMany", waitS: Number(response.headers.get("retry-after")) || 60 }
  return { kind: [400, 401, 403].includes(response.status) ? "wrong" : "other" }
}

/** Ends the session. Whoever calls it leaves the workspace, then empties the cache of what was on screen. */
export async function signOut(): Promise<void> {
  await fetch("/api/auth/sign-out", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: "{}",
  })
}

const lastWorkspaceKey = "viaggio.workspace"

/** Remembers in this browser which workspace was on screen, so that the next visit opens it. */
export function rememberWorkspace(id: string): void {
  try {
    localStorage.setItem(lastWorkspaceKey, id)
  } catch {
    // Not remembered where storage is refused; the first workspace is then opened.
  }
}

export function lastWorkspace(): string | null {
  try {
    return localStorage.getItem(lastWorkspaceKey)
  } catch {
    return null
  }
}
