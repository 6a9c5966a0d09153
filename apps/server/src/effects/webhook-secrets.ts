import type { EpochMs } from "@viaggio/journey-model"
import type { Db } from "../db/client.ts"
import type { Ports } from "../ports.ts"
import { toSecret } from "./standard-webhooks.ts"
import * as store from "./webhook-secret-store.ts"

/** For so long after a change the old secret signs as well, so that receivers can change in peace. */
const BOTH_MS = 24 * 3_600_000

/** `previousUntil`: until when the one before signs as well. */
export type ShownSecret = { secret: string; previousUntil?: EpochMs }

export type WebhookSecrets = {
  /** The secrets to sign with, the present one first. */
  of(workspace: number): Promise<readonly string[]>
  show(workspace: number): Promise<ShownSecret>
  rotate(workspace: number): Promise<ShownSecret>
}

/** The secrets that a workspace's webhooks are signed with; the first one is made when it is asked for. */
export const createWebhookSecrets = ({ db, ports }: { db: Db; ports: Ports }): WebhookSecrets => {
  const fresh = () => toSecret(ports.randomBytes(24))

  const read = async (workspace: number): Promise<store.SecretRow> => {
    const [found] = await store.findSecret(db, { workspace })
    if (found !== undefined) return found
    await store.addSecret(db, { workspace, secret: fresh() })
    const [made] = await store.findSecret(db, { workspace })
    if (made === undefined) throw new Error(`workspace ${workspace} is gone`)
    return made
  }

  const shown = ({ secret, rotated_at }: store.SecretRow): ShownSecret =>
    rotated_at === null || rotated_at + BOTH_MS <= ports.now()
      ? { secret }
      : { secret, previousUntil: rotated_at + BOTH_MS }

  return {
    async of(workspace) {
      const row = await read(workspace)
      const { previousUntil } = shown(row)
      return previousUntil === undefined || row.previous === null ? [row.secret] : [row.secret, row.previous]
    },
    show: async workspace => shown(await read(workspace)),
    async rotate(workspace) {
      await read(workspace)
      const at = new Date(ports.now()).toISOString()
      const [row] = await store.changeSecret(db, { workspace, secret: fresh(), at })
      if (row === undefined) throw new Error(`workspace ${workspace} is gone`)
      return shown(row)
    },
  }
}
