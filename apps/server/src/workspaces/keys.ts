import { createHash, timingSafeEqual } from "node:crypto"
import type { Db } from "../db/client.ts"
import type { Ports } from "../ports.ts"
import { Refusal } from "../refusal.ts"
import {
  insertKey,
  type KeyKind,
  type KeyRights,
  type KeyRow,
  listKeys,
  revokeKey,
  useKey,
} from "./keys-store.ts"
import { findDefaultWorkspace, findWorkspace } from "./store.ts"
import type { Workspace } from "./workspace.ts"

export type { KeyKind, KeyRights, KeyRow } from "./keys-store.ts"

/** How long a process may go on accepting a key that another process has revoked. */
const rememberedMs = 5_000

/** The workspace that a key opens, without what changes in it. */
export type Access = { id: number; sandbox: boolean; eventsPerSecond?: number }
/** The workspace of a key, and what its holder may do there. */
type Opened = { workspace: Workspace; role: KeyRights }
type Remembered = { access: Access; untilMs: number }

/**
 * Keys of programs: `api` for /api/v1 with an editor's rights, `write` for the events door and nothing else. Kept
 * as SHA-256 (they are 256 random bits, so nothing slower is needed), shown once. `adminKey` is both of the default
 * workspace, with an owner's rights; so is the first API key of a workspace that such a key has made.
 */
export function createKeys({ db, ports, adminKey }: { db: Db; ports: Ports; adminKey?: string }) {
  const remembered = new Map<string, Remembered>()
  const adminHash = adminKey === undefined ? undefined : hashKey(adminKey)

  async function lookUp(kind: KeyKind, hash: Buffer): Promise<Opened | undefined> {
    const isAdmin = adminHash !== undefined && timingSafeEqual(hash, adminHash)
    const used = isAdmin ? undefined : await useKey(db, kind, hash)
    const workspace = isAdmin
      ? await findDefaultWorkspace(db)
      : used && (await findWorkspace(db, used.workspaceId))
    return workspace && { workspace, role: used?.rights ?? "owner" }
  }

  return {
    /** `key` is told here and never again. */
    async create(
      workspace: Workspace,
      kind: KeyKind,
      name: string,
      rights: KeyRights = "editor",
    ): Promise<{ id: string; key: string }> {
      const key = `${kind === "api" ? "va" : "vw"}_${Buffer.from(ports.randomBytes(32)).toString("base64url")}`
      const id = ports.newId()
      const hint = `${key.slice(0, 3)}…${key.slice(-4)}`
      await insertKey(db, { id, workspaceId: workspace.id, kind, rights, name, hash: hashKey(key), hint })
      return { id, key }
    },

    list: (workspace: Workspace): Promise<KeyRow[]> => listKeys(db, workspace.id),

    async revoke(workspace: Workspace, id: string): Promise<void> {
      if (!(await revokeKey(db, workspace.id, id))) throw new Refusal("not-found", "There is no such key.")
      remembered.clear()
    },

    /** What an API key opens; undefined for an unknown or revoked one, and for a write key. */
    open: (key: string): Promise<Opened | undefined> => lookUp("api", hashKey(key)),

    /** The same for the events door, where every request asks: remembered for some seconds. */
    async accessOf(writeKey: string): Promise<Access | undefined> {
      const hash = hashKey(writeKey)
      const name = hash.toString("base64")
      const known = remembered.get(name)
      if (known !== undefined && known.untilMs > ports.monotonicMs()) return known.access
      remembered.delete(name)
      const opened = await lookUp("write", hash)
      if (opened === undefined) return undefined
      const { workspace } = opened
      const { eventsPerSecond } = workspace.settings
      const access = {
        id: workspace.id,
        sandbox: workspace.sandbox,
        ...(eventsPerSecond === undefined ? {} : { eventsPerSecond }),
      }
      remembered.set(name, { access, untilMs: ports.monotonicMs() + rememberedMs })
      return access
    },
  }
}

export type Keys = ReturnType<typeof createKeys>

function hashKey(key: string): Buffer {
  return createHash("sha256").update(key).digest()
}
