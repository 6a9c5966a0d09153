import { unsubscribedAttribute } from "@viaggio/journey-model"
import { EmailEvent, emailTraits } from "../channels/email-events.ts"
import { SuppressionReason } from "../channels/suppressions.ts"
import type { Db } from "../db/client.ts"
import type { Coalescer } from "../ingest/coalescer.ts"
import type { Ports } from "../ports.ts"
import type { MessageLinks } from "./links.ts"
import type { Tracking } from "./tracking.ts"
import { findSources } from "./tracking-store.ts"

/** What the unsubscribe page needs to know of the message behind its link. */
export type Subscription = { workspace: string; language: string }

export type Unsubscribe = {
  /** Undefined when the link is not ours or its message is gone. */
  find(token: string): Promise<Subscription | undefined>
  /** Notes it on the person's record, and the event once however often it is asked; undefined as above. */
  confirm(token: string): Promise<Subscription | undefined>
}

/** The wish to get no more marketing mail, taken in like everything else that a customer does: as events. */
export const createUnsubscribe = (deps: {
  db: Db
  ports: Pick<Ports, "newId">
  links: MessageLinks
  coalescer: Pick<Coalescer, "append">
  tracking: Pick<Tracking, "note">
}): Unsubscribe => {
  const read = async (token: string) => {
    const place = deps.links.readUnsubscribe(token)
    const [row] =
      place === undefined ? [] : await findSources(deps.db, { buckets: [place.bucket], ids: [place.id] })
    return row
  }

  return {
    async find(token) {
      const row = await read(token)
      return row && { workspace: row.workspace, language: row.language }
    },
    async confirm(token) {
      const row = await read(token)
      if (row === undefined) return undefined
      // Another one each time: who has subscribed again in between may use the same link once more.
      const messageId = `unsubscribe:${row.id}:${deps.ports.newId()}`
      await deps.coalescer.append([
        {
          workspace: row.workspace_id,
          sandbox: row.sandbox,
          event: emailTraits(row, messageId, { [unsubscribedAttribute]: true }),
          person: { bucket: row.bucket, id: row.profile_id },
        },
      ])
      await deps.tracking.note([
        {
          bucket: row.bucket,
          id: row.id,
          event: EmailEvent.unsubscribed,
          suppress: SuppressionReason.unsubscribed,
        },
      ])
      return { workspace: row.workspace, language: row.language }
    },
  }
}
