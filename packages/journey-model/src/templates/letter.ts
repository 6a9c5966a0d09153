/** The address in the links of the templates' e-mails; the shop puts its own there. */
export const templateShop = "https://shop.example"

export type TemplateLanguage = "en" | "it"

/**
 * What a letter says. `body`: HTML of one paragraph each; `list`: a Liquid loop over products of the entry event, or
 * other HTML rows; `code`: shown large, to be typed at the check-out; `after`: paragraphs below the button.
 */
export type Letter = {
  heading: string
  body: readonly string[]
  list?: string
  code?: string
  button?: { label: string; href: string }
  after?: readonly string[]
}

const footers = {
  en: {
    reason: "You get this e-mail because you gave us your address.",
    unsubscribe: "Unsubscribe",
  },
  it: {
    reason: "Ricevi questa e-mail perché ci hai lasciato il tuo indirizzo.",
    unsubscribe: "Annulla l’iscrizione",
  },
} as const satisfies { [Language in TemplateLanguage]: object }

const font = "font-family:Helvetica,Arial,sans-serif"

const paragraph = (text: string): string =>
  `<p style="margin:0 0 16px;font-size:16px;line-height:1.55">${text}</p>`

const codeBox = (code: string): string =>
  `<p style="margin:8px 0 24px;padding:16px;border:2px dashed #2f6f5e;border-radius:8px;text-align:center;font-size:24px;font-weight:bold;letter-spacing:2px">${code}</p>`

const buttonOf = ({ label, href }: { label: string; href: string }): string =>
  `<p style="margin:8px 0 24px"><a href="${href}" style="display:inline-block;padding:13px 26px;border-radius:8px;background:#2f6f5e;color:#ffffff;font-size:16px;font-weight:bold;text-decoration:none">${label}</a></p>`

/**
 * A letter as HTML that mail programs show alike: one column of 560 pixels in tables, styles on the elements, the
 * link to unsubscribe at the end.
 */
export function letter(
  language: TemplateLanguage,
  { heading, body, list, code, button, after = [] }: Letter,
): string {
  const footer = footers[language]
  const parts = [
    `<h1 style="margin:0 0 20px;font-size:26px;line-height:1.25">${heading}</h1>`,
    ...body.map(paragraph),
    ...(list === undefined ? [] : [list]),
    ...(code === undefined ? [] : [codeBox(code)]),
    ...(button === undefined ? [] : [buttonOf(button)]),
    ...after.map(paragraph),
  ]
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
</head>
<body style="margin:0;padding:0;background:#f3f4f1;${font}">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="background:#f3f4f1">
<tr><td align="center" style="padding:24px 12px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:560px;background:#ffffff;border-radius:12px">
<tr><td style="padding:32px 32px 16px;color:#1f2a26;${font}">
${parts.join("\n")}
</td></tr>
<tr><td style="padding:16px 32px 28px;border-top:1px solid #e5e8e3;color:#66706b;font-size:12px;line-height:1.5;${font}">
${footer.reason}<br>
<a href="{{ links.unsubscribe }}" style="color:#66706b">${footer.unsubscribe}</a>
</td></tr>
</table>
</td></tr>
</table>
</body>
</html>`
}

/** A link within a sentence. */
export const link = (label: string, path: string): string =>
  `<a href="${templateShop}/${path}" style="color:#2f6f5e">${label}</a>`

/** "Hello Ann,", and for somebody without a first name just "Hello,". */
export const greeting = (hello: string): string =>
  `${hello}{% if profile.first_name %} {{ profile.first_name }}{% endif %},`

/** The products of the entry event, at most five: picture, name, how many, price. */
export const productRows = `<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="margin:0 0 20px">
{% for product in entry.properties.products limit: 5 %}<tr>
{% if product.image_url %}<td width="72" style="padding:8px 12px 8px 0"><img src="{{ product.image_url }}" width="60" alt="" style="display:block;border-radius:6px"></td>
{% endif %}<td style="padding:8px 0;font-size:15px;line-height:1.4"><b>{{ product.name }}</b><br><span style="color:#66706b">{{ product.quantity | default: 1 }} × {{ product.price }} {{ entry.properties.currency }}</span></td>
</tr>
{% endfor %}</table>`
