import { type CompiledEmail, type JsonObject, renderEmail } from "@viaggio/journey-model"

/** A message as its reader gets it. */
export type RenderedMessage = { subject: string; html: string; text: string }

/** Hidden text that mail clients show beside the subject. */
const preheaderHtml = (preheader: string): string =>
  `<div style="display:none;max-height:0;overflow:hidden">${preheader
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")}</div>`

/** Into the body where the template has one of its own. */
const withPreheader = (html: string, preheader: string): string => {
  const body = /<body\b[^>]{0,5000}>/i.exec(html.slice(0, 100_000))
  const at = body === null ? 0 : body.index + body[0].length
  return `${html.slice(0, at)}${preheaderHtml(preheader)}${html.slice(at)}`
}

/** Fills a node's templates with the values that its turn froze. Throws what Liquid throws. */
export const renderMessage = (
  content: CompiledEmail,
  frozen: JsonObject,
  links: { unsubscribe: string },
): RenderedMessage => {
  const { subject, preheader, html, text } = renderEmail(content, frozen, links)
  return {
    subject,
    html: preheader === undefined || preheader === "" ? html : withPreheader(html, preheader),
    text,
  }
}
