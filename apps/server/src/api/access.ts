import { Role } from "../workspaces/roles.ts"

/**
 * Who may call. Every route carries one in its `config.access` and every procedure in its meta, beside its
 * definition; without one the server does not start. `role`: at least that one, in the workspace of the call.
 */
export type Access =
  /** Anybody, signed in or not. */
  | { by: "anyone" }
  /** Signed-in people, whatever their workspaces. */
  | { by: "session" }
  /**
   * Signed-in people of the workspace that the header `x-workspace` or the query's `workspace` names. `administrator`:
   * who is also an owner of the installation's first workspace.
   */
  | { by: "member"; role: Role; administrator?: true }
  /** Who watches over the installation: a program on this machine, or the holder of the key for it. */
  | { by: "operator" }
  /** Holders of an API key, in its workspace. */
  | { by: "api-key"; role: Role }
  /** Holders of a write key; the door asks by itself, because the key may stand in the body. */
  | { by: "write-key" }
  /** Whoever has the signed link, which the route's service reads. */
  | { by: "link" }
  /** Each procedure says it for itself. */
  | { by: "procedure" }

export const anyone: Access = { by: "anyone" }
export const withLink: Access = { by: "link" }
export const withWriteKey: Access = { by: "write-key" }
export const operatorOnly: Access = { by: "operator" }
export const memberAs = (role: Role): Access => ({ by: "member", role })
export const keyAs = (role: Role): Access => ({ by: "api-key", role })

/** Why a role is not enough, in words for a screen. */
export const roleSentence = (needed: Role): string =>
  needed === Role.owner
    ? "Only owners of this workspace may do this."
    : "Only editors and owners of this workspace may do this."
