import { unsubscribedAttribute } from "@viaggio/journey-model"
import type { Db } from "../db/client.ts"
import type { Programs } from "../engine/programs.ts"
import type { Coalescer } from "../ingest/coalescer.ts"
import { type Incoming, readCall } from "../ingest/message.ts"
import type { Ports } from "../ports.ts"
import type { MessageLinks } from "./links.ts"
import { findSubscriber } from "./unsubscribe-store.ts"

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
  programs: Programs
  coalescer: Coalescer
}): Unsubscribe => {
  const read = async (token: string) => {
    const message = deps.links.read(token)
    const [row] = message === undefined ? [] : await findSubscriber(deps.db, message)
    return row === undefined ? undefined : { message: message!, row }
  }

  return {
    async find(token) {
      const found = await read(token)
      return found && { workspace: found.row.workspace, language: found.row.language }
    },
    async confirm(token) {
      const found = await read(token)
      if (found === undefined) return undefined
      const { message, row } = found
      const published = (await deps.programs.get([row.version_id])).get(row.version_id)
      const calls = [
        {
          type: "identify",
          userId: row.profile_id,
          // Another one each time: who has subscribed again in between may use the same link once more.
          messageId: `unsubscribe:${message.id}:${deps.ports.newId()}`,
          traits: { [unsubscribedAttribute]: true },
        },
        {
          type: "track",
          userId: row.profile_id,
          event: "Email Unsubscribed",
          messageId: `unsubscribed:${message.id}`,
          properties: {
            journey: published?.journeyKey ?? "",
            node: published?.program.nodes[row.node]?.id ?? "",
            message: message.id,
          },
        },
      ]
      await deps.coalescer.append(
        calls.map((call, i) => ({
          workspace: row.workspace_id,
          sandbox: row.sandbox,
          // It is about the person of the message, whomever their identifiers name by now.
          event: { ...(readCall(call, i, "") as Incoming), identifiers: [] },
          person: { bucket: message.bucket, id: row.profile_id },
        })),
      )
      return { workspace: row.workspace, language: row.language }
    },
  }
}
