import type { Db } from "../db/client.ts"
import { bumpDefinitions } from "../db/definitions.ts"
import type { Ports } from "../ports.ts"
import { Refusal } from "../refusal.ts"
import {
  addMemberEverywhere,
  findDefaultWorkspace,
  insertWorkspace,
  updateWorkspace,
} from "../workspaces/store.ts"
import type { SignIn } from "./sign-in.ts"
import { consumeSetUpToken, hasUsers, insertUser, isSetUpToken, keepSetUpToken } from "./store.ts"
import { hashToken, newToken } from "./tokens.ts"

export type SetUpRequest = {
  token: string
  name: string
  email: string
  password: string
  workspace: { name: string; zone: string; language: string }
}

/** The first visit: a link that the start prints makes the owner, once. */
export function createSetUp({ db, ports, signIn }: { db: Db; ports: Ports; signIn: SignIn }) {
  return {
    isDone: (): Promise<boolean> => hasUsers(db),

    /** A new link's token, which ends every earlier one; undefined when there is an owner already. */
    async issueToken(): Promise<string | undefined> {
      if (await hasUsers(db)) return undefined
      const token = newToken(ports)
      await keepSetUpToken(db, hashToken(token))
      return token
    },

    /** Whether the link still makes the owner. */
    isToken: (token: string): Promise<boolean> => isSetUpToken(db, hashToken(token)),

    /** Makes the owner and names the workspace, the one that an administrator's key has made if there is one. */
    async complete(request: SetUpRequest): Promise<{ workspaceId: string }> {
      // Asked first because a hash is dear, and anybody can send a wrong token.
      if (!(await isSetUpToken(db, hashToken(request.token)))) refuseToken()
      const passwordHash = await signIn.hashPassword(request.password)
      return db.transaction(async transaction => {
        if (!(await consumeSetUpToken(transaction, hashToken(request.token)))) refuseToken()
        if (await hasUsers(transaction)) throw new Refusal("conflict", "This installation is set up already.")
        const user = { id: ports.newId(), accountId: ports.newId(), name: request.name, passwordHash }
        await insertUser(transaction, { ...user, email: request.email.toLowerCase() })
        const existing = await findDefaultWorkspace(transaction)
        if (existing) await updateWorkspace(transaction, existing.id, request.workspace)
        const workspace =
          existing ?? (await insertWorkspace(transaction, { publicId: ports.newId(), ...request.workspace }))
        await addMemberEverywhere(transaction, user.id)
        await bumpDefinitions(transaction)
        return { workspaceId: workspace.publicId }
      })
    },
  }
}

export type SetUp = ReturnType<typeof createSetUp>

function refuseToken(): never {
  throw new Refusal(
    "forbidden",
    "This set-up link is not valid any more; the newest one is in the server's output.",
  )
}
