import {
  formatInstant,
  parseInstant,
  suppressedAttribute,
  unsubscribedAttribute,
} from "@viaggio/journey-model"
import type { Page, SuppressionItem, SuppressionsService } from "../answers.ts"
import type { Db } from "../db/client.ts"
import type { Suppression } from "../effects/handler.ts"
import type { Coalescer } from "../ingest/coalescer.ts"
import { identitySlot, suppressionSlot } from "../ingest/keys.ts"
import { IdentityKind } from "../ingest/message.ts"
import type { Ports } from "../ports.ts"
import { Refusal } from "../refusal.ts"
import type { Workspace } from "../workspaces/workspace.ts"
import { emailTraits } from "./email-events.ts"
import * as store from "./suppression-store.ts"

/** Why an address gets no e-mail. After `unsubscribed` only marketing is kept from it. */
export const SuppressionReason = {
  unsubscribed: "unsubscribed",
  bounced: "bounced",
  complained: "complained",
  byHand: "by-hand",
} as const
export type SuppressionReason = (typeof SuppressionReason)[keyof typeof SuppressionReason]

const MOST = 200
const USUAL = 50
const looksLikeAddress = /^[^\s@]+@[^\s@]+$/
const LONGEST = 320

/** An address as the list holds it. */
export const canonicalAddress = (address: string): string => address.trim().toLowerCase()

export type Entry = {
  workspace: number
  address: string
  reason: SuppressionReason
  /** What it came of, for people: `message:<id>` or whose hand it was. */
  source: string
}

export type Suppressions = SuppressionsService & {
  /** Adds many at once; what stands already keeps its time and source. */
  add(entries: readonly Entry[]): Promise<void>
  /** What stands against the recipients of messages, by message. */
  ofMessages(
    rows: readonly { id: string; workspace_id: number; recipient: string }[],
  ): Promise<Map<string, Suppression[]>>
}

const keysOf = (items: readonly { workspace: number; address: string }[]) => ({
  slots: items.map(i => suppressionSlot(i.workspace, i.address)),
  workspaces: items.map(i => i.workspace),
  addresses: items.map(i => i.address),
})

/** Addresses that get no mail, by workspace. */
export const createSuppressions = (deps: {
  db: Db
  analytics: Db
  ports: Ports
  coalescer: Pick<Coalescer, "append">
}): Suppressions => {
  const { db, ports } = deps

  const of = async (items: readonly { workspace: number; address: string }[]) => {
    const rows = items.length === 0 ? [] : await store.findSuppressions(db, keysOf(items))
    const found = new Map<string, Suppression[]>()
    for (const { workspace_id, address, reason, at } of rows) {
      const key = `${workspace_id}:${address}`
      found.set(key, [...(found.get(key) ?? []), { reason, at }])
    }
    return found
  }

  const add = async (entries: readonly Entry[]): Promise<void> => {
    if (entries.length === 0) return
    const items = entries.map(e => ({ ...e, address: canonicalAddress(e.address) }))
    await store.addSuppressions(db, {
      ...keysOf(items),
      reasons: items.map(e => e.reason),
      times: items.map(() => formatInstant(ports.now())),
      sources: items.map(e => e.source),
    })
  }

  /** The holder's own log learns of it, for that is what their journeys go by. */
  const tellHolder = async (
    workspace: Workspace,
    address: string,
    traits: Record<string, string | boolean | null>,
  ) => {
    const kind = IdentityKind.email
    const [person] = await store.findHolder(db, {
      slot: identitySlot(workspace.id, kind, address),
      workspace: workspace.id,
      kind,
      value: address,
    })
    if (person === undefined) return
    const event = emailTraits(
      { id: "", profile_id: person.id, node: 0 },
      `suppression:${ports.newId()}`,
      traits,
    )
    await deps.coalescer.append([{ workspace: workspace.id, sandbox: workspace.sandbox, event, person }])
  }

  const parsed = (address: string): string => {
    const canonical = canonicalAddress(address)
    if (!looksLikeAddress.test(canonical) || canonical.length > LONGEST)
      throw new Refusal("invalid", `"${address}" is no e-mail address.`)
    return canonical
  }

  return {
    add,

    async ofMessages(rows) {
      const keys = rows.map(r => ({ workspace: r.workspace_id, address: canonicalAddress(r.recipient) }))
      const found = await of(keys)
      return new Map(
        rows.flatMap((row, i) => {
          const list = found.get(`${keys[i]!.workspace}:${keys[i]!.address}`)
          return list === undefined ? [] : [[row.id, list]]
        }),
      )
    },

    async list(workspace, { search, before, limit }): Promise<Page<SuppressionItem>> {
      const most = Math.min(limit ?? USUAL, MOST)
      const [at, ...rest] = (before ?? "").split("_")
      const isPage = at !== undefined && parseInstant(at) !== undefined
      const piece = canonicalAddress(search ?? "").replaceAll(/[\\%_]/g, "\\$&")
      const rows = await store.listSuppressions(deps.analytics, {
        workspace: workspace.id,
        search: piece === "" ? null : `%${piece}%`,
        before_at: isPage ? at : "infinity",
        before_address: isPage ? rest.join("_") : "",
        most: most + 1,
      })
      const items = rows.slice(0, most).map(row => ({ ...row, at: formatInstant(row.at) }))
      const last = items.at(-1)
      return rows.length > most && last !== undefined
        ? { items, next: `${last.at}_${last.address}` }
        : { items }
    },

    async addByHand(workspace, address, by) {
      const canonical = parsed(address)
      await add([
        { workspace: workspace.id, address: canonical, reason: SuppressionReason.byHand, source: by },
      ])
      await tellHolder(workspace, canonical, { [suppressedAttribute]: canonical })
    },

    async remove(workspace, address, reason) {
      const canonical = parsed(address)
      const removed = await store.removeSuppressions(db, {
        slot: suppressionSlot(workspace.id, canonical),
        workspace: workspace.id,
        address: canonical,
        reason: reason ?? null,
      })
      if (removed.length === 0)
        throw new Refusal("not-found", `${canonical} is not on the suppression list for that reason.`)
      const left = (await of([{ workspace: workspace.id, address: canonical }])).size > 0
      const again = removed.some(r => r.reason === SuppressionReason.unsubscribed)
      await tellHolder(workspace, canonical, {
        ...(left ? {} : { [suppressedAttribute]: null }),
        ...(again ? { [unsubscribedAttribute]: false } : {}),
      })
    },
  }
}

/** Whether a message of this purpose may go to an address about which this is known. */
export const isSuppressed = (
  purpose: "marketing" | "transactional",
  suppressions: readonly Suppression[],
  record: { unsubscribed: unknown; unsubscribed_at: number | null },
): SuppressionReason | undefined => {
  for (const { reason, at } of suppressions) {
    if (reason !== SuppressionReason.unsubscribed) return reason as SuppressionReason
    const subscribedAgain = record.unsubscribed === false && (record.unsubscribed_at ?? 0) > at
    if (purpose === "marketing" && !subscribedAgain) return SuppressionReason.unsubscribed
  }
  return purpose === "marketing" && record.unsubscribed === true ? SuppressionReason.unsubscribed : undefined
}
