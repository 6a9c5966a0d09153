import type { Tx } from "../db/client.ts"
import { readRules } from "./door-store.ts"
import { type LinkingRules, linkingRules, usualRules } from "./linking.ts"

/** How long the door trusts what it read of a workspace's rules. */
const RULES_MS = 5_000

/** What a workspace has settled about what comes through its door. */
export type DoorRules = { linking: LinkingRules; trustsLate: boolean }

const usual: DoorRules = { linking: usualRules, trustsLate: false }

/** The rules of the workspaces, read again after a few seconds. */
export const createRules = (monotonicMs: () => number) => {
  const rules = new Map<number, DoorRules & { readAt: number }>()
  return {
    of: (workspace: number): DoorRules => rules.get(workspace) ?? usual,
    /** Makes `of` answer for these workspaces. */
    async learn(tx: Tx, workspaces: ReadonlySet<number>): Promise<void> {
      const now = monotonicMs()
      const ids = [...workspaces].filter(id => !(now - (rules.get(id)?.readAt ?? -RULES_MS) < RULES_MS))
      if (ids.length === 0) return
      for (const row of await readRules(tx, { ids }))
        rules.set(row.id, {
          readAt: now,
          linking: linkingRules(row.linking ?? undefined),
          trustsLate: row.trust_late,
        })
    },
  }
}
