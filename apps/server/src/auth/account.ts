import type { Db } from "../db/client.ts"
import { Refusal } from "../refusal.ts"
import type { Attempts } from "./attempts.ts"
import { endSession, endSessionsBut, listSessions, type SessionRow } from "./session-store.ts"
import type { SignIn, User } from "./sign-in.ts"
import { findPasswordHash, updatePasswordHash } from "./store.ts"

/** What signed-in people do about their own account. */
export function createAccount({ db, signIn, attempts }: { db: Db; signIn: SignIn; attempts: Attempts }) {
  return {
    /** Where the person is signed in, the last used first. */
    sessions: (user: User): Promise<SessionRow[]> => listSessions(db, user.id),

    async endSession(user: User, id: string): Promise<void> {
      if (!(await endSession(db, user.id, id))) throw new Refusal("not-found", "There is no such session.")
    },

    /** Signs the person out everywhere but here; answers at how many places. */
    endOtherSessions: (user: User): Promise<number> => endSessionsBut(db, user.id, user.session),

    /** Needs the present password; every other session ends, because one of them may be the reason. */
    async changePassword(user: User, address: string, present: string, next: string): Promise<void> {
      await attempts.begin(user.email, address)
      const hash = await findPasswordHash(db, user.id)
      if (hash === undefined || !(await signIn.isPassword(present, hash))) {
        throw new Refusal("invalid", "The present password is not right.", {
          problems: [
            {
              id: "wrong-password",
              severity: "error",
              at: "/present",
              text: "The present password is not right.",
              values: {},
            },
          ],
        })
      }
      await attempts.succeeded(user.email, address)
      const nextHash = await signIn.hashPassword(next)
      await db.transaction(async transaction => {
        await updatePasswordHash(transaction, user.id, nextHash)
        await endSessionsBut(transaction, user.id, user.session)
      })
    },
  }
}

export type Account = ReturnType<typeof createAccount>
