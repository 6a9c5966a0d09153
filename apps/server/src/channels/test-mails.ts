import { compileEmail, type EmailContent, formatInstant, type JsonObject } from "@viaggio/journey-model"
import type { ProfilesService } from "../answers.ts"
import { type RenderedMessage, renderMessage } from "../content/render.ts"
import type { Db } from "../db/client.ts"
import type { Ports } from "../ports.ts"
import { Refusal } from "../refusal.ts"
import type { Sender, Workspace } from "../workspaces/workspace.ts"
import { fallbackSender, senderOf } from "./sender.ts"
import { addTestMail, listTestMails } from "./test-mail-store.ts"

/** What is to be tried: an e-mail node's content as the editor has it, with whose values. */
export type TestOrder = {
  content: EmailContent & { from?: Sender }
  journey?: string
  node?: string
  /** A customer whose values fill the templates; without one every value is missing. */
  customer?: string
  /** The event that would have let them in. */
  entry?: { name: string; at: string; properties: JsonObject }
}

export type TestMail = {
  id: string
  at: string
  to: string
  by: string
  via: "smtp" | "mailbox"
  journey?: string
  node?: string
  customer?: string
  subject: string
  text: string
  html: string
  state: "sent" | "refused"
  error?: string
}

type Mail = {
  from: { name: string; address: string }
  to: string
  subject: string
  text: string
  html: string
}

const marks = { en: "[Test]", it: "[Prova]" }

/**
 * Sends a draft's e-mail to the member who writes it. No customer gets it, nothing is counted, no link in it is
 * tracked, and its link to unsubscribe leads nowhere.
 */
export const createTestMails = (deps: {
  db: Db
  ports: Ports
  profiles: Pick<ProfilesService, "facts">
  publicUrl: string
  /** Over the installation's mail server; absent: into the mailbox only. */
  mail?: (mail: Mail) => Promise<void>
}) => ({
  async send(
    workspace: Workspace,
    member: { name: string; email: string },
    order: TestOrder,
  ): Promise<TestMail> {
    const rendered = await render(deps, workspace, order)
    const mark = workspace.language.startsWith("it") ? marks.it : marks.en
    const mail = { to: member.email, ...rendered, subject: `${mark} ${rendered.subject}` }
    const via = deps.mail === undefined || workspace.sandbox ? "mailbox" : "smtp"
    const from = senderOf(workspace, order.content.from, fallbackSender(deps.publicUrl))
    const error =
      via === "smtp"
        ? await deps.mail!({ ...mail, from }).then(
            () => null,
            reason => String((reason as Error)?.message ?? reason).slice(0, 500),
          )
        : null
    const row = {
      id: deps.ports.newId(),
      at: deps.ports.now(),
      recipient: member.email,
      sent_by: member.name,
      via,
      journey: order.journey ?? null,
      node: order.node ?? null,
      customer: order.customer ?? null,
      subject: mail.subject,
      body_text: mail.text,
      html: mail.html,
      error,
    } as const
    await addTestMail(deps.db, { ...row, at: formatInstant(row.at), workspace: workspace.id })
    if (error !== null) throw new Refusal("unavailable", `The mail server did not take the test: ${error}`)
    return toTestMail(row)
  },

  /** The newest fifty. */
  async list(workspace: Workspace): Promise<TestMail[]> {
    return (await listTestMails(deps.db, { workspace: workspace.id })).map(toTestMail)
  },
})

export type TestMails = ReturnType<typeof createTestMails>

const render = async (
  deps: { profiles: Pick<ProfilesService, "facts">; publicUrl: string },
  workspace: Workspace,
  { content, customer, entry }: TestOrder,
): Promise<RenderedMessage> => {
  const compiled = compileEmail(content)
  if (!compiled.ok)
    throw new Refusal("unprocessable", "The template cannot be read.", { problems: compiled.problems })
  const profile = customer === undefined ? {} : (await deps.profiles.facts(workspace, customer)).attributes
  const values = { profile, context: {}, ...(entry === undefined ? {} : { entry }) }
  try {
    return renderMessage(compiled.value, values, { unsubscribe: `${deps.publicUrl}/unsubscribe/test` })
  } catch (cause) {
    throw new Refusal("unprocessable", `The message cannot be made: ${(cause as Error).message}`)
  }
}

type Noted = Parameters<typeof toTestMail>[0]

const toTestMail = (row: Awaited<ReturnType<typeof listTestMails>>[number]): TestMail => ({
  id: row.id,
  at: formatInstant(row.at),
  to: row.recipient,
  by: row.sent_by,
  via: row.via,
  ...namedOf(row),
  subject: row.subject,
  text: row.body_text,
  html: row.html,
  state: row.error === null ? "sent" : "refused",
  ...(row.error === null ? {} : { error: row.error }),
})

const namedOf = ({ journey, node, customer }: Noted): Pick<TestMail, "journey" | "node" | "customer"> => ({
  ...(journey === null ? {} : { journey }),
  ...(node === null ? {} : { node }),
  ...(customer === null ? {} : { customer }),
})
