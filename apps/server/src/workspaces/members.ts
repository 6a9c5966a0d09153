import type { Db, DbOrTransaction } from "../db/client.ts"
import { Refusal } from "../refusal.ts"
import { deleteMember, findRole, listMembers, lockOwners, type Member, updateRole } from "./members-store.ts"
import { Role } from "./roles.ts"
import type { Workspace } from "./workspace.ts"

export type { Member } from "./members-store.ts"

/** Who belongs to a workspace, as what. A workspace never loses its last owner. */
export function createMembers(db: Db) {
  async function keepAnOwner(transaction: DbOrTransaction, workspace: Workspace, userId: string) {
    const owners = await lockOwners(transaction, workspace.id)
    if (owners.length === 1 && owners[0] === userId) {
      throw new Refusal(
        "conflict",
        "This is the only owner of the workspace: make somebody else an owner first.",
      )
    }
  }

  return {
    list: (workspace: Workspace): Promise<Member[]> => listMembers(db, workspace.id),

    /** Undefined for people of other workspaces. */
    roleOf: (workspace: Workspace, userId: string): Promise<Role | undefined> =>
      findRole(db, workspace.id, userId),

    changeRole(workspace: Workspace, userId: string, role: Role): Promise<void> {
      return db.transaction(async transaction => {
        if (role !== Role.owner) await keepAnOwner(transaction, workspace, userId)
        if (!(await updateRole(transaction, workspace.id, userId, role))) refuseUnknown()
      })
    },

    /** Also how somebody leaves. What they made stays. */
    remove(workspace: Workspace, userId: string): Promise<void> {
      return db.transaction(async transaction => {
        await keepAnOwner(transaction, workspace, userId)
        if (!(await deleteMember(transaction, workspace.id, userId))) refuseUnknown()
      })
    },
  }
}

export type Members = ReturnType<typeof createMembers>

function refuseUnknown(): never {
  throw new Refusal("not-found", "There is no such member.")
}
