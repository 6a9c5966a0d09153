import type { CustomerTurn } from "@viaggio/journey-model"
import type { Tx } from "../db/client.ts"
import { MessageCode } from "../effects/dispatch-store.ts"
import { SANDBOX_PROVIDER } from "../effects/dispatcher.ts"
import { Channel } from "../effects/handler.ts"
import { webhookProvider } from "../effects/webhook-provider.ts"
import { instantText } from "./instant-text.ts"
import type { Loaded } from "./load.ts"
import { addMessages } from "./message-store.ts"

/** What a batch puts into the outbox, column by column. */
export class MessageRows {
  readonly #rows = {
    ids: [] as string[],
    workspaces: [] as number[],
    versions: [] as number[],
    nodes: [] as number[],
    enrollments: [] as string[],
    profiles: [] as string[],
    clocks: [] as number[],
    recipients: [] as string[],
    frozen: [] as string[],
    queued: [] as string[],
    channels: [] as number[],
    providers: [] as string[],
    states: [] as number[],
    sent: [] as (string | null)[],
    errors: [] as (string | null)[],
  }

  get length(): number {
    return this.#rows.ids.length
  }

  /** A call that was answered in the fold itself is there as a record only. */
  add(
    { workspace, customer }: Loaded,
    { version, effect, at, answer }: CustomerTurn["effects"][number],
    node: number,
  ): void {
    const rows = this.#rows
    const queued = instantText(at)
    const isReal = workspace.clock === 0
    rows.ids.push(effect.id)
    rows.workspaces.push(workspace.id)
    rows.versions.push(version)
    rows.nodes.push(node)
    rows.enrollments.push(effect.enrollment)
    rows.profiles.push(customer.id)
    rows.clocks.push(workspace.clock)
    rows.queued.push(queued)
    if (effect.kind === "sendMessage") {
      rows.channels.push(Channel.email)
      rows.providers.push(isReal ? "smtp" : SANDBOX_PROVIDER)
      rows.recipients.push(effect.to)
      rows.frozen.push(JSON.stringify(effect.values))
    } else {
      const { request, timeoutMs, attempts, save } = effect
      rows.channels.push(Channel.webhook)
      rows.providers.push(isReal ? webhookProvider(request.url) : SANDBOX_PROVIDER)
      rows.recipients.push(request.url)
      rows.frozen.push(JSON.stringify({ request, timeoutMs, attempts, save }))
    }
    const succeeded = answer?.outcome === "succeeded"
    rows.states.push(
      answer === undefined ? MessageCode.queued : succeeded ? MessageCode.sent : MessageCode.refused,
    )
    rows.sent.push(succeeded ? queued : null)
    rows.errors.push(answer === undefined || succeeded ? null : (answer.error ?? null))
  }

  save(tx: Tx, bucket: number): Promise<unknown> | undefined {
    return this.length === 0 ? undefined : addMessages(tx, { bucket, ...this.#rows })
  }
}
