import { type CompiledEmail, type EmailConfig, type JsonObject, readPath } from "@viaggio/journey-model"
import type { ReplayOrder } from "../answers.ts"
import type { MessageLinks } from "../content/links.ts"
import { renderMessage } from "../content/render.ts"
import type { Db } from "../db/client.ts"
import { isUuid } from "../db/uuid.ts"
import { Channel } from "../effects/handler.ts"
import type { Programs } from "../engine/programs.ts"
import { Refusal } from "../refusal.ts"
import type { Workspace } from "../workspaces/workspace.ts"
import { type MessageRow, readMessage } from "./message-store.ts"
import { findLiveVersion, readConsent, replayMessage } from "./replay-store.ts"
import { isSuppressed, type Suppressions } from "./suppressions.ts"

const looksLikeAddress = /^[^\s@]+@[^\s@]+$/

export type Replay = (workspace: Workspace, id: string, order: ReplayOrder, by: string) => Promise<void>

/** Sends a refused message once more, mended where that is asked for. */
export const createReplay = (deps: {
  db: Db
  programs: Programs
  links: MessageLinks
  suppressions: Pick<Suppressions, "ofMessages">
  onReplayed(version: number): void
}): Replay => {
  const { db } = deps

  const find = async (workspace: Workspace, id: string): Promise<MessageRow> => {
    const [row] = isUuid(id) ? await readMessage(db, { workspace: workspace.id, id }) : []
    if (row === undefined) throw new Refusal("not-found", `There is no message "${id}".`)
    if (row.replayed_at !== null)
      throw new Refusal("conflict", "This message was sent again already; that can be done once.")
    if (row.state !== 3) throw new Refusal("conflict", "Only a refused message can be sent again.")
    return row
  }

  /** The template to render: the message's own, or that of the same node in the version that runs now. */
  const templateOf = async (row: MessageRow, template: ReplayOrder["template"]) => {
    const [live] = template === "current" ? await findLiveVersion(db, { version: row.version_id }) : []
    const id = template === "current" ? live?.id : row.shown_version
    const programs = await deps.programs.get([row.version_id, ...(id === undefined ? [] : [id])])
    const nodeId = programs.get(row.version_id)?.program.nodes[row.node]?.id
    const program = id === undefined ? undefined : programs.get(id)?.program
    const index = template === "current" ? program?.index.get(nodeId ?? "") : row.shown_node
    const node = index === undefined ? undefined : program?.nodes[index]
    if (node?.content === undefined || id === undefined)
      throw new Refusal(
        "unprocessable",
        template === "current"
          ? "The version that runs now has no such message any more."
          : "The version of this message is gone.",
      )
    return { version: id, node: node.index, content: node.content, config: node.config as EmailConfig }
  }

  const mustRender = (row: MessageRow, content: CompiledEmail) => {
    const missing = content.required.find(path => {
      const found = readPath(row.frozen, path.map(part => part.replaceAll(".", "\\.")).join("."))
      return found === undefined || found === null
    })
    if (missing !== undefined)
      throw new Refusal(
        "unprocessable",
        `The message was queued without ${missing.join(".")}, which this template needs.`,
      )
    try {
      renderMessage(content, row.frozen as JsonObject, { unsubscribe: deps.links.unsubscribe(row) })
    } catch (error) {
      throw new Refusal("unprocessable", `The template still fails: ${(error as Error).message}`)
    }
  }

  const mustBeWelcome = async (workspace: Workspace, row: MessageRow, to: string, config: EmailConfig) => {
    const listed = await deps.suppressions.ofMessages([
      { id: row.id, workspace_id: workspace.id, recipient: to },
    ])
    const [consent] = await readConsent(db, { bucket: row.bucket, profile: row.profile_id })
    const record = consent ?? { unsubscribed: null, unsubscribed_at: null }
    const reason = isSuppressed(config.purpose, listed.get(row.id) ?? [], record)
    if (reason === "unsubscribed")
      throw new Refusal("conflict", `${to} has unsubscribed from marketing e-mail.`)
    if (reason !== undefined)
      throw new Refusal(
        "conflict",
        `${to} is on the suppression list (${reason}). Take it off, or correct the address.`,
      )
  }

  return async (workspace, id, order, by) => {
    const row = await find(workspace, id)
    const to = order.to?.trim() ?? row.recipient
    let shown: { version: number; node: number } | undefined
    if (row.channel === Channel.email) {
      if (!looksLikeAddress.test(to)) throw new Refusal("invalid", `"${to}" is no e-mail address.`)
      const template = await templateOf(row, order.template)
      mustRender(row, template.content)
      await mustBeWelcome(workspace, row, to, template.config)
      shown = template
    } else if (to !== row.recipient || order.template === "current")
      throw new Refusal("invalid", "Only an e-mail can be sent to another address or with another template.")
    const replayed = await replayMessage(db, {
      bucket: row.bucket,
      id: row.id,
      recipient: to,
      version: shown?.version ?? null,
      node: shown?.node ?? null,
      by,
    })
    if (replayed.length === 0)
      throw new Refusal("conflict", "This message was sent again already; that can be done once.")
    deps.onReplayed(row.version_id)
  }
}
