import { createHmac } from "node:crypto"
import { z } from "zod"
import type { Feedback, MessagesService } from "../answers.ts"
import type { Db } from "../db/client.ts"
import { isUuid } from "../db/uuid.ts"
import { isSigned, toSecret } from "../effects/standard-webhooks.ts"
import type { Ports } from "../ports.ts"
import { Refusal } from "../refusal.ts"
import type { Workspace } from "../workspaces/workspace.ts"
import { findWorkspaceByPublicId } from "./callback-store.ts"

const SECRET_BYTES = 24

const word = z.discriminatedUnion("kind", [
  z.object({
    messageId: z.string().max(400),
    kind: z.literal("bounced"),
    permanent: z.boolean().default(true),
    error: z.string().max(500).optional(),
  }),
  z.object({ messageId: z.string().max(400), kind: z.literal("complained") }),
])
const callback = z.union([word, z.array(word).max(500)])

export type Callbacks = {
  /** Where a provider's callbacks for a workspace go, and what they are signed with (Standard Webhooks). */
  show(workspace: Pick<Workspace, "publicId">): { url: string; secret: string }
  /** Takes in what a provider says; refused unless it is signed. Messages that nobody knows are left out. */
  take(publicId: string, headers: Record<string, unknown>, body: string): Promise<void>
}

/** The door for what a provider learns of messages after it took them. */
export const createCallbacks = (deps: {
  db: Db
  ports: Pick<Ports, "now">
  publicUrl: string
  /** From it each workspace's own secret is made. */
  secret: string
  workspaceOf(id: number): Promise<Workspace | undefined>
  feedback: MessagesService["feedback"]
}): Callbacks => {
  const secretOf = (publicId: string): string =>
    toSecret(
      createHmac("sha256", deps.secret)
        .update(`mail callback:${publicId}`)
        .digest()
        .subarray(0, SECRET_BYTES),
    )

  const find = async (publicId: string): Promise<Workspace | undefined> => {
    const [row] = isUuid(publicId) ? await findWorkspaceByPublicId(deps.db, { id: publicId }) : []
    return row && deps.workspaceOf(row.id)
  }

  return {
    show: ({ publicId }) => ({
      url: `${deps.publicUrl}/callbacks/mail/${publicId}`,
      secret: secretOf(publicId),
    }),
    async take(publicId, headers, body) {
      const workspace = await find(publicId)
      const isOurs = isSigned(secretOf(publicId), headers, body, deps.ports.now())
      if (workspace === undefined || !isOurs)
        throw new Refusal("unauthorized", "The callback is not signed with the secret of this workspace.")
      for (const { messageId, ...feedback } of [parsed(body)].flat()) {
        try {
          await deps.feedback(workspace, messageId, feedback as Feedback)
        } catch (error) {
          if (!(error instanceof Refusal) || error.kind !== "not-found") throw error
        }
      }
    },
  }
}

const parsed = (body: string): z.output<typeof callback> => {
  let input: unknown
  try {
    input = JSON.parse(body)
  } catch {
    throw new Refusal("invalid", "The callback is not JSON.")
  }
  const result = callback.safeParse(input)
  if (!result.success)
    throw new Refusal(
      "invalid",
      'A callback is { "messageId", "kind": "bounced" or "complained" }, or a list of such.',
    )
  return result.data
}
