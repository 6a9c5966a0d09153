import type { MessageLinks } from "../content/links.ts"
import { renderMessage } from "../content/render.ts"
import type { EffectHandler, SendContext, SendResult } from "../effects/handler.ts"
import type { EmailTransport } from "./transport.ts"

/** Makes the e-mail of a message node and hands it to its transport. */
export const createEmailHandler = (deps: {
  links: MessageLinks
  /** Where messages of real workspaces go; those of sandboxes never leave. */
  transport: EmailTransport
  mailbox: EmailTransport
  /** Address used where a workspace has set no sender. */
  fallbackSender: string
}): EffectHandler => {
  const transportOf = (isSandbox: boolean) => (isSandbox ? deps.mailbox : deps.transport)

  return {
    providerOf: (_row, workspace) => transportOf(workspace.sandbox).name,
    atOnce: provider => (provider === deps.mailbox.name ? deps.mailbox : deps.transport).atOnce,
    async send(row, { workspace, published }: SendContext): Promise<SendResult> {
      const node = published?.program.nodes[row.node]
      if (node?.content === undefined)
        return { kind: "refused", error: "The version of this message is gone." }
      const { content, config } = node
      let rendered: ReturnType<typeof renderMessage>
      try {
        rendered = renderMessage(content, row.frozen, deps.links.of(row))
      } catch (error) {
        return { kind: "refused", error: `The template failed: ${(error as Error).message}`.slice(0, 500) }
      }
      const own = (config as { from?: { name?: string; email: string } }).from
      const { sender } = workspace.settings
      const from = {
        name: own?.name ?? sender?.name ?? workspace.name,
        address: own?.email ?? sender?.email ?? deps.fallbackSender,
      }
      return transportOf(workspace.sandbox).send({
        messageId: `<${row.id}@${from.address.split("@")[1]}>`,
        from,
        to: row.recipient,
        subject: rendered.subject,
        html: rendered.html,
        text: rendered.text,
      })
    },
    close: () => deps.transport.close(),
  }
}
