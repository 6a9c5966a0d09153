import nodemailer from "nodemailer"
import type { Workspace } from "../workspaces/workspace.ts"
import { invitationWords } from "./invitation-words.ts"

/** Mail to people who work here, as opposed to messages to customers. */
export type AccountMail = {
  from: { name: string; address: string }
  to: string
  subject: string
  text: string
  html: string
}

const patienceMs = 10_000

/** Sends over the installation's mail server; rejects when it does not take the mail. Such mails are rare: no pool. */
export function createAccountMailer(smtpUrl: string): (mail: AccountMail) => Promise<void> {
  const transport = nodemailer.createTransport(
    {
      url: smtpUrl,
      connectionTimeout: patienceMs,
      greetingTimeout: patienceMs,
      socketTimeout: patienceMs,
    } as Parameters<typeof nodemailer.createTransport>[0],
    { disableFileAccess: true, disableUrlAccess: true } as never,
  )
  return async ({ to, ...mail }) => {
    await transport.sendMail({ ...mail, to: { name: "", address: to } })
  }
}

/** The mail that brings an invitation's link, from the workspace's sender or, without one, from `host`. */
export function invitationMail(
  workspace: Workspace,
  invitation: { email: string; invitedBy: string; link: string; days: number; host: string },
): AccountMail {
  const words = workspace.language.startsWith("it") ? invitationWords.it : invitationWords.en
  const { link, days } = invitation
  const lines = [words.greeting(invitation.invitedBy, workspace.name), words.expires(days), words.ignore]
  const { sender } = workspace.settings
  const paragraphs = lines.map(line => `<p>${escaped(line)}</p>`)
  paragraphs.splice(1, 0, `<p><a href="${escaped(link)}">${escaped(words.open)}</a></p>`)
  return {
    from: sender
      ? { name: sender.name, address: sender.email }
      : { name: "Viaggio", address: `viaggio@${invitation.host}` },
    to: invitation.email,
    subject: words.subject(workspace.name),
    text: [lines[0], link, ...lines.slice(1)].join("\n\n"),
    html: `<!doctype html><html><body>${paragraphs.join("")}</body></html>`,
  }
}

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;")
