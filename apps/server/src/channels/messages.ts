import { formatInstant, parseInstant } from "@viaggio/journey-model"
import type { MessageItem, MessagesService, Page, ProfilesService } from "../answers.ts"
import type { MessageLinks } from "../content/links.ts"
import { renderMessage } from "../content/render.ts"
import type { Tracking } from "../content/tracking.ts"
import type { Db } from "../db/client.ts"
import { isUuid } from "../db/uuid.ts"
import { Channel } from "../effects/handler.ts"
import { nodeNames, type Programs, type Published } from "../engine/programs.ts"
import { Refusal } from "../refusal.ts"
import { EmailEvent } from "./email-events.ts"
import { messageState, titleOfCall } from "./message-state.ts"
import * as store from "./message-store.ts"
import type { Replay } from "./replays.ts"
import { SuppressionReason } from "./suppressions.ts"

const MOST = 200
const USUAL = 50
const LAST_ID = "ffffffff-ffff-ffff-ffff-ffffffffffff"

/** What was sent, as its readers got it: rendered again from the version's template and the frozen values. */
export const createMessages = (deps: {
  db: Db
  programs: Programs
  links: MessageLinks
  profiles: ProfilesService
  replay: Replay
  note: Tracking["note"]
}): MessagesService => {
  const toItem = (row: store.MessageRow, programs: ReadonlyMap<number, Published>): MessageItem => {
    const published = programs.get(row.version_id)
    const shown = programs.get(row.shown_version)
    return {
      id: row.id,
      to: row.recipient,
      ...contentOf(row, shown?.program.nodes[row.shown_node]?.content),
      state: messageState(row.state),
      at: formatInstant(row.queued_at),
      ...(row.sent_at === null ? {} : { sentAt: formatInstant(row.sent_at) }),
      channel: row.channel === Channel.email ? "email" : "webhook",
      attempts: row.attempts,
      ...(row.error === null ? {} : { error: row.error }),
      ...(row.reason === null ? {} : { reason: row.reason }),
      ...(row.doubts === 0 ? {} : { doubts: row.doubts }),
      ...instantsOf(row),
      journey: published?.journeyKey ?? "",
      ...nodeNames(published, row.node),
      userId: row.user_id,
    }
  }

  const contentOf = (
    row: store.MessageRow,
    content: Published["program"]["nodes"][number]["content"],
  ): { subject: string; text: string; html: string } => {
    if (row.channel !== Channel.email) return callOf(row)
    if (content === undefined) return { subject: "", text: "", html: "" }
    try {
      return renderMessage(content, row.frozen, { unsubscribe: deps.links.unsubscribe(row) })
    } catch {
      return { subject: "", text: row.error ?? "", html: "" }
    }
  }

  const itemsOf = async (rows: readonly store.MessageRow[]): Promise<MessageItem[]> => {
    const programs = await deps.programs.get(rows.flatMap(row => [row.version_id, row.shown_version]))
    return rows.map(row => toItem(row, programs))
  }

  const get = async (workspace: { id: number }, id: string): Promise<MessageItem> => {
    const rows = isUuid(id) ? await store.readMessage(deps.db, { workspace: workspace.id, id }) : []
    const [item] = await itemsOf(rows)
    if (item === undefined) throw new Refusal("not-found", `There is no message "${id}".`)
    return item
  }

  return {
    async list(workspace, filter): Promise<Page<MessageItem>> {
      const most = Math.min(filter.limit ?? USUAL, MOST)
      const pairs = await pairsOf(workspace.id, filter.journey, filter.node)
      const profile =
        filter.userId === undefined ? null : (await deps.profiles.get(workspace, filter.userId)).id
      const [at, id] = (filter.before ?? "").split("_")
      const list = filter.state === "refused" ? store.listRefused : store.listMessages
      const rows = await list(deps.db, {
        workspace: workspace.id,
        versions: pairs?.map(p => p.version) ?? null,
        nodes: pairs?.map(p => p.node) ?? null,
        profile,
        state: filter.state ?? null,
        in_doubt: filter.inDoubt === true,
        before_at: at && parseInstant(at) !== undefined ? at : "infinity",
        before_id: isUuid(id ?? "") ? id! : LAST_ID,
        most: most + 1,
      })
      const items = await itemsOf(rows.slice(0, most))
      const last = rows[most - 1]
      return rows.length > most && last !== undefined
        ? { items, next: `${formatInstant(last.queued_at)}_${last.id}` }
        : { items }
    },

    get,

    async feedback(workspace, id, feedback): Promise<void> {
      const own = /^<?([0-9a-f-]{36})(@\S*)?$/i.exec(id.trim())?.[1]?.toLowerCase() ?? ""
      const [row] = isUuid(own) ? await store.readMessage(deps.db, { workspace: workspace.id, id: own }) : []
      if (row === undefined || row.channel !== Channel.email)
        throw new Refusal("not-found", `There is no e-mail "${id}".`)
      const place = { bucket: row.bucket, id: row.id }
      await deps.note([
        feedback.kind === "complained"
          ? {
              ...place,
              event: EmailEvent.unsubscribed,
              part: "complaint",
              more: { complaint: true },
              suppress: SuppressionReason.complained,
            }
          : {
              ...place,
              event: EmailEvent.bounced,
              ...(feedback.permanent ? {} : { part: "passing" }),
              more: {
                permanent: feedback.permanent,
                ...(feedback.error === undefined ? {} : { error: feedback.error }),
              },
              ...(feedback.permanent ? { suppress: SuppressionReason.bounced } : {}),
            },
      ])
    },

    async replay(workspace, id, order, by): Promise<MessageItem> {
      await deps.replay(workspace, id, order, by)
      return get(workspace, id)
    },
  }

  /** The (version, node number) pairs that a filter by journey and node means; undefined when there is none. */
  async function pairsOf(workspace: number, journey: string | undefined, node: string | undefined) {
    if (journey === undefined && node === undefined) return undefined
    const versions =
      journey === undefined
        ? await store.versionsOfWorkspace(deps.db, { workspace })
        : await store.versionsOfJourney(deps.db, { workspace, key: journey })
    const programs = await deps.programs.get(versions.map(v => v.id))
    return [...programs.values()].flatMap(({ id, program }) =>
      program.nodes
        .filter(n => node === undefined || n.id === node)
        .map(n => ({ version: id, node: n.index })),
    )
  }
}

const instantsOf = (row: store.MessageRow) => {
  const times = {
    replayedAt: row.replayed_at,
    bouncedAt: row.bounced_at,
    openedAt: row.opened_at,
    clickedAt: row.clicked_at,
    unsubscribedAt: row.unsubscribed_at,
  }
  return Object.fromEntries(
    Object.entries(times).flatMap(([name, at]) => (at === null ? [] : [[name, formatInstant(at)]])),
  )
}

/** A call as a message list shows it. */
const callOf = ({ recipient, frozen }: store.MessageRow) => {
  const request = (frozen.request ?? {}) as { body?: unknown }
  return {
    subject: titleOfCall(recipient, frozen),
    text: request.body === undefined ? "" : JSON.stringify(request.body, null, 2),
    html: "",
  }
}
