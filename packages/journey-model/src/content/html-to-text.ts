const entities: { [name: string]: string } = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: " ",
  euro: "€",
  hellip: "…",
  ndash: "–",
  mdash: "—",
}

const decode = (text: string): string =>
  text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,8}));/gi, (all, decimal, hex, named) => {
    if (named) return entities[String(named).toLowerCase()] ?? all
    const code = decimal ? Number(decimal) : Number.parseInt(hex, 16)
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : ""
  })

const hrefOf = (attributes: string): string | undefined => {
  const match = /\bhref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/i.exec(attributes)
  return match?.[1] ?? match?.[2] ?? match?.[3]
}

/** `<a href="https://x">Shop</a>` reads as "Shop (https://x)"; a link whose text is its address stands once. */
const spellLinks = (html: string): string =>
  html.replace(/<a\b([^>]*)>([\s\S]*?)<\/a\s*>/gi, (_, attributes: string, inner: string) => {
    const href = hrefOf(attributes)
    const label = inner.replace(/<[^>]*>/g, "").trim()
    if (!href || decode(href) === decode(label)) return label || (href ?? "")
    return label === "" ? href : `${inner} (${href})`
  })

/** The plain-text part of a message whose author wrote only HTML: paragraphs, list items and links kept. */
export function htmlToText(html: string): string {
  const blocks = spellLinks(
    html.replace(/<!--[\s\S]*?-->/g, "").replace(/<(head|style|script|title)\b[\s\S]*?<\/\1\s*>/gi, ""),
  )
    .replace(/\s+/g, " ")
    .replace(/<br\s*\/?>/gi, "\n")
    .replace(/<li\b[^>]*>/gi, "\n- ")
    .replace(/<\/(?:p|div|h[1-6]|table|ul|ol|blockquote)\s*>/gi, "\n\n")
    .replace(/<\/(?:tr|li)\s*>/gi, "\n")
    .replace(/<[^>]*>/g, "")
  return decode(blocks)
    .replace(/[ \t]+/g, " ")
    .replace(/ *\n */g, "\n")
    .replace(/\n{3,}/g, "\n\n")
    .trim()
}
