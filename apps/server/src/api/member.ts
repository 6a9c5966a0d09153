import type { User } from "../auth/sign-in.ts"
import { Refusal } from "../refusal.ts"
import type { Services } from "../services.ts"
import { includesRole, Role } from "../workspaces/roles.ts"
import type { Workspace } from "../workspaces/workspace.ts"
import { roleSentence } from "./access.ts"

/** The workspace of that public id for a person with at least that role; another's is as unknown as none. */
export async function workspaceOfUser(
  services: Services,
  user: User,
  publicId: string | undefined,
  needed: Role = Role.viewer,
): Promise<Workspace> {
  const workspaces = await services.workspaces.ofUser(user.id)
  const found = workspaces.find(({ workspace }) => workspace.publicId === publicId)
  if (found === undefined) {
    throw new Refusal("not-found", "There is no such workspace, or you are not a member of it.")
  }
  requireRole(found.role, needed)
  return found.workspace
}

export function requireRole(role: Role, needed: Role): void {
  if (!includesRole(role, needed)) throw new Refusal("forbidden", roleSentence(needed))
}
