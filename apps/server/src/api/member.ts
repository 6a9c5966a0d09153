import type { User } from "../auth/sign-in.ts"
import { Refusal } from "../refusal.ts"
import type { Services } from "../services.ts"
import type { Workspace } from "../workspaces/workspace.ts"

/** The workspace of that public id if this person belongs to it; another's is as unknown as none. */
export async function workspaceOfUser(
  services: Services,
  user: User,
  publicId: string | undefined,
): Promise<Workspace> {
  const workspaces = await services.workspaces.ofUser(user.id)
  const found = workspaces.find(workspace => workspace.publicId === publicId)
  if (found === undefined) throw new Refusal("forbidden", "You are not in this workspace.")
  return found
}

/** The same for a plain request, by its session's cookie. */
export async function memberWorkspace(
  services: Services,
  headers: Headers,
  publicId: string,
): Promise<Workspace> {
  const user = await services.signIn.userOf(headers)
  if (user === undefined) throw new Refusal("unauthorized", "Sign in first.")
  return workspaceOfUser(services, user, publicId)
}
