import { type CompiledEmail, type JsonObject, renderEmail } from "@viaggio/journey-model"

/** A message as its reader gets it. */
export type RenderedMessage = { subject: string; html: string; text: string }

/** Hidden text that mail clients show beside the subject. */
const preheaderHtml = (preheader: string): string =>
  `<div style="display:none;max-height:0;overflow:hidden">${preheader
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")}</div>`

/** Fills a node's templates with the values that its turn froze. Throws what Liquid throws. */
export const renderMessage = (
  content: CompiledEmail,
  frozen: JsonObject,
  links: { unsubscribe: string },
): RenderedMessage => {
  const { subject, preheader, html, text } = renderEmail(content, frozen, links)
  return {
    subject,
    html: preheader === undefined || preheader === "" ? html : `${preheaderHtml(preheader)}${html}`,
    text,
  }
}
