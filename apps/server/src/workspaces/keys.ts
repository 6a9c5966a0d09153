import { createHash, timingSafeEqual } from "node:crypto"
import type { Db } from "../db/client.ts"
import type { Ports } from "../ports.ts"
import { Refusal } from "../refusal.ts"
import { insertKey, type KeyKind, type KeyRow, listKeys, revokeKey, useKey } from "./keys-store.ts"
import { findDefaultWorkspace, findWorkspace } from "./store.ts"
import type { Workspace } from "./workspace.ts"

export type { KeyKind, KeyRow } from "./keys-store.ts"

/** How long a process may go on accepting a key that another process has revoked. */
const rememberedMs = 5_000

/** The workspace that a key opens, without what changes in it. */
export type Access = { id: number; sandbox: boolean }
type Remembered = { access: Access; untilMs: number }

/**
 * Keys of programs: `api` for /api/v1, `write` for the events door and nothing else. Kept as SHA-256 (they are
 * 256 random bits, so nothing slower is needed), shown once. `adminKey` is both of the default workspace.
 */
export function createKeys({ db, ports, adminKey }: { db: Db; ports: Ports; adminKey?: string }) {
  const remembered = new Map<string, Remembered>()
  const adminHash = adminKey === undefined ? undefined : hashKey(adminKey)

  async function lookUp(kind: KeyKind, hash: Buffer): Promise<Workspace | undefined> {
    if (adminHash !== undefined && timingSafeEqual(hash, adminHash)) return findDefaultWorkspace(db)
    const workspaceId = await useKey(db, kind, hash)
    return workspaceId === undefined ? undefined : findWorkspace(db, workspaceId)
  }

  return {
    /** `key` is told here and never again. */
    async create(workspace: Workspace, kind: KeyKind, name: string): Promise<{ id: string; key: string }> {
      const key = `${kind === "api" ? "va" : "vw"}_${Buffer.from(ports.randomBytes(32)).toString("base64url")}`
      const id = ports.newId()
      const hint = `${key.slice(0, 3)}…${key.slice(-4)}`
      await insertKey(db, { id, workspaceId: workspace.id, kind, name, hash: hashKey(key), hint })
      return { id, key }
    },

    list: (workspace: Workspace): Promise<KeyRow[]> => listKeys(db, workspace.id),

    async revoke(workspace: Workspace, id: string): Promise<void> {
      if (!(await revokeKey(db, workspace.id, id))) throw new Refusal("not-found", "There is no such key.")
      remembered.clear()
    },

    /** The workspace that a key opens; undefined for an unknown or revoked one, or one of the other kind. */
    workspaceOf: (kind: KeyKind, key: string): Promise<Workspace | undefined> => lookUp(kind, hashKey(key)),

    /** The same for the events door, where every request asks: remembered for some seconds. */
    async accessOf(writeKey: string): Promise<Access | undefined> {
      const hash = hashKey(writeKey)
      const name = hash.toString("base64")
      const known = remembered.get(name)
      if (known !== undefined && known.untilMs > ports.monotonicMs()) return known.access
      remembered.delete(name)
      const workspace = await lookUp("write", hash)
      if (workspace === undefined) return undefined
      const access = { id: workspace.id, sandbox: workspace.sandbox }
      remembered.set(name, { access, untilMs: ports.monotonicMs() + rememberedMs })
      return access
    },
  }
}

export type Keys = ReturnType<typeof createKeys>

function hashKey(key: string): Buffer {
  return createHash("sha256").update(key).digest()
}
