import type { EpochMs } from "@viaggio/journey-model"
import type { Db } from "../db/client.ts"
import type { Ports } from "../ports.ts"
import { Refusal } from "../refusal.ts"
import { joinAs, listMembers } from "../workspaces/members-store.ts"
import type { Role } from "../workspaces/roles.ts"
import { findWorkspace } from "../workspaces/store.ts"
import type { Workspace } from "../workspaces/workspace.ts"
import { type AccountMail, invitationMail } from "./account-mail.ts"
import {
  consumeInvitation,
  findInvitation,
  findInvitationByToken,
  type InvitationRow,
  listInvitations,
  noteMailed,
  putInvitation,
  revokeInvitation,
} from "./invitation-store.ts"
import type { SignIn, User } from "./sign-in.ts"
import { findUserByEmail, insertUser } from "./store.ts"
import { hashToken, newToken } from "./tokens.ts"

export type { InvitationRow } from "./invitation-store.ts"

const validDays = 7
const dayMs = 86_400_000
const mostOpen = 200

/** A link that was just made; it cannot be shown again. `mailed`: it went to its address, too. */
export type MadeInvitation = { id: string; link: string; expiresAt: EpochMs; mailed: boolean }

/** What the holder of a link learns before accepting. */
export type InvitationView = {
  workspace: string
  email: string
  role: Role
  invitedBy: string | null
  expiresAt: EpochMs
  /** Whether the address signs in already, so that only its password is asked for. */
  hasAccount: boolean
}

export type InvitationsOptions = {
  db: Db
  ports: Ports
  signIn: SignIn
  /** Where links lead, e.g. `https://journeys.example.com`. */
  publicUrl: string
  /** Absent: no mail server, so the link is only shown. */
  mail?: (mail: AccountMail) => Promise<void>
  onError: (error: unknown, text: string) => void
}

/** Invitations by e-mail: a one-time link makes the account, or lets an existing one in, and joins the workspace. */
export function createInvitations({ db, ports, signIn, publicUrl, mail, onError }: InvitationsOptions) {
  async function issue(workspace: Workspace, by: User, email: string, role: Role): Promise<MadeInvitation> {
    const token = newToken(ports)
    const expiresAt = ports.now() + validDays * dayMs
    const invitation = { workspaceId: workspace.id, email, role, invitedBy: by.id, expiresAt }
    const id = await putInvitation(db, { ...invitation, id: ports.newId(), tokenHash: hashToken(token) })
    // Behind the # it stays in the browser: no server's or proxy's log holds it.
    const link = `${publicUrl}/join#${token}`
    return { id, link, expiresAt, mailed: await send(workspace, by, { id, email, link }) }
  }

  async function send(
    workspace: Workspace,
    by: User,
    { id, email, link }: { id: string; email: string; link: string },
  ): Promise<boolean> {
    if (mail === undefined) return false
    const host = new URL(publicUrl).hostname
    try {
      await mail(invitationMail(workspace, { email, link, host, invitedBy: by.name, days: validDays }))
      await noteMailed(db, id)
      return true
    } catch (error) {
      onError(error, "an invitation could not be mailed; its link was shown")
      return false
    }
  }

  async function require(token: string): Promise<InvitationRow> {
    const found = await findInvitationByToken(db, hashToken(token))
    if (found === undefined) {
      throw new Refusal(
        "not-found",
        "This invitation is not valid any more: it was used, taken back, or is older than seven days. Ask for a new one.",
      )
    }
    return found
  }

  return {
    /** Open ones, newest first; an expired one can be sent again. */
    list: (workspace: Workspace): Promise<InvitationRow[]> => listInvitations(db, workspace.id),

    async create(workspace: Workspace, by: User, email: string, role: Role): Promise<MadeInvitation> {
      const address = email.toLowerCase()
      const members = await listMembers(db, workspace.id)
      if (members.some(member => member.email === address)) {
        throw new Refusal("conflict", `${address} is in this workspace already.`)
      }
      const open = await listInvitations(db, workspace.id)
      if (open.length >= mostOpen) {
        throw new Refusal("conflict", `There are ${mostOpen} open invitations: take some back first.`)
      }
      return issue(workspace, by, address, role)
    },

    /** A new link, valid for seven days from now; the earlier one ends. */
    async resend(workspace: Workspace, by: User, id: string): Promise<MadeInvitation> {
      const found = await findInvitation(db, workspace.id, id)
      if (found === undefined) throw new Refusal("not-found", "There is no such invitation.")
      return issue(workspace, by, found.email, found.role)
    },

    async revoke(workspace: Workspace, id: string): Promise<void> {
      if (!(await revokeInvitation(db, workspace.id, id)))
        throw new Refusal("not-found", "There is no such invitation.")
    },

    async view(token: string): Promise<InvitationView> {
      const { workspaceId, email, role, invitedBy, expiresAt } = await require(token)
      const workspace = await findWorkspace(db, workspaceId)
      const hasAccount = (await findUserByEmail(db, email)) !== undefined
      return { workspace: workspace!.name, email, role, invitedBy, expiresAt, hasAccount }
    },

    /**
     * Joins. Whose address has an account must be signed in as it; for anybody else `account` makes one, and
     * having the link proves the address.
     */
    async accept(
      token: string,
      user: User | undefined,
      account: { name: string; password: string } | undefined,
    ): Promise<{ workspaceId: string }> {
      const { email } = await require(token)
      const existing = await findUserByEmail(db, email)
      if (existing !== undefined && existing !== user?.id) {
        throw new Refusal("unauthorized", `Sign in as ${email} first: the invitation is for that account.`)
      }
      if (existing === undefined && account === undefined) {
        throw new Refusal("invalid", "Choose a name and a password for the new account.")
      }
      const passwordHash = existing === undefined ? await signIn.hashPassword(account!.password) : ""
      return db.transaction(async transaction => {
        const invitation = await findInvitationByToken(transaction, hashToken(token))
        if (invitation === undefined || !(await consumeInvitation(transaction, hashToken(token)))) {
          throw new Refusal("conflict", "This invitation was used this moment.")
        }
        const userId = existing ?? ports.newId()
        if (existing === undefined) {
          const made = { id: userId, accountId: ports.newId(), name: account!.name, passwordHash, email }
          await insertUser(transaction, made)
        }
        await joinAs(transaction, invitation.workspaceId, userId, invitation.role)
        return { workspaceId: (await findWorkspace(transaction, invitation.workspaceId))!.publicId }
      })
    },
  }
}

export type Invitations = ReturnType<typeof createInvitations>
