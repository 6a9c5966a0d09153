import { type EmailConfig, suppressedAttribute } from "@viaggio/journey-model"
import type { MessageLinks } from "../content/links.ts"
import { type RenderedMessage, renderMessage } from "../content/render.ts"
import { trackLinks } from "../content/track-links.ts"
import {
  type ClaimedRow,
  type EffectHandler,
  ErrorClass,
  RefusedReason,
  type SendContext,
  type SendResult,
} from "../effects/handler.ts"
import type { Ports } from "../ports.ts"
import { EmailEvent, emailEvent, emailTraits } from "./email-events.ts"
import { senderOf } from "./sender.ts"
import { canonicalAddress, isSuppressed, type Suppressions } from "./suppressions.ts"
import { type EmailTransport, mailboxTransport } from "./transport.ts"

/** The queue of what leaves by the installation's own mail server. */
export const SMTP_PROVIDER = "smtp"

/** Makes the e-mail of a message node and hands it to its transport. */
export const createEmailHandler = (deps: {
  ports: Pick<Ports, "monotonicMs">
  links: MessageLinks
  /** Where messages of real workspaces go; those of sandboxes never leave. */
  transport: EmailTransport
  suppressions: Pick<Suppressions, "add" | "ofMessages">
  /** Address used where a workspace has set no sender. */
  fallbackSender: string
}): EffectHandler => {
  const { links } = deps

  const send = async (
    row: ClaimedRow,
    { workspace, published, deadline }: SendContext,
  ): Promise<SendResult> => {
    const node = published?.program.nodes[row.node]
    if (node?.content === undefined) return unmade("The version of this message is gone.")
    const config = node.config as EmailConfig
    const unsubscribe = links.unsubscribe(row)
    let rendered: RenderedMessage
    try {
      rendered = renderMessage(node.content, row.frozen, { unsubscribe })
    } catch (error) {
      return unmade(`The template failed: ${(error as Error).message}`.slice(0, 500))
    }
    const from = senderOf(workspace, config.from, deps.fallbackSender)
    const transport = workspace.sandbox ? mailboxTransport : deps.transport
    return transport.send(
      {
        messageId: `<${row.id}@${from.address.split("@")[1]}>`,
        from,
        to: row.recipient,
        subject: rendered.subject,
        html: trackLinks(rendered.html, {
          untouched: [unsubscribe],
          ...(config.tracking.opens ? { open: links.open(row) } : {}),
          ...(config.tracking.clicks ? { click: target => links.click(row, target) } : {}),
        }),
        text: rendered.text,
        ...(config.purpose === "marketing" ? { unsubscribe } : {}),
      },
      { now: deps.ports.monotonicMs(), deadline },
    )
  }

  return {
    providerOf: () => SMTP_PROVIDER,
    atOnce: () => deps.transport.atOnce,
    perSecond: () => deps.transport.perSecond,
    suppressionsOf: rows => deps.suppressions.ofMessages(rows),
    withholds(row, { published }, look, suppressions) {
      const config = published?.program.nodes[row.node]?.config as EmailConfig | undefined
      const reason = isSuppressed(config?.purpose ?? "marketing", suppressions, look)
      if (reason === undefined) return undefined
      return reason === "unsubscribed"
        ? { reason: RefusedReason.unsubscribed, error: "The customer unsubscribed before the message left." }
        : { reason: RefusedReason.suppressed, error: `The address is on the suppression list (${reason}).` }
    },
    send,
    eventOf({ row, result, context }) {
      if (result.kind === "sent") return undefined
      if (result.bounce === true)
        return [
          emailTraits(row, `suppressed:${row.id}`, {
            [suppressedAttribute]: canonicalAddress(row.recipient),
          }),
          emailEvent(EmailEvent.bounced, row, context.published, `bounce:${row.id}`, { error: result.error }),
        ]
      return emailEvent(EmailEvent.refused, row, context.published, `refused:${row.id}`, {
        reason: result.reason ?? RefusedReason.provider,
        error: result.error,
      })
    },
    beforeSettle: ended =>
      deps.suppressions.add(
        ended.flatMap(({ row, result }) =>
          result.kind === "refused" && result.bounce === true
            ? [
                {
                  workspace: row.workspace_id,
                  address: row.recipient,
                  reason: "bounced" as const,
                  source: `message:${row.id}`,
                },
              ]
            : [],
        ),
      ),
    close: () => deps.transport.close(),
  }
}

const unmade = (error: string): SendResult => ({
  kind: "refused",
  reason: RefusedReason.template,
  class: ErrorClass.template,
  error,
})
