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

const hrefOf = (tag: string): string | undefined => {
  const match = /\shref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/i.exec(tag)
  return match?.[1] ?? match?.[2] ?? match?.[3]
}

/** Elements whose content is no words for the reader. */
const silent = new Set(["head", "style", "script", "title"])
const paragraphs = new Set([
  "p",
  "div",
  "h1",
  "h2",
  "h3",
  "h4",
  "h5",
  "h6",
  "table",
  "ul",
  "ol",
  "blockquote",
])

type Link = { href: string; start: number }

/** `<a href="https://x">Shop</a>` reads "Shop (https://x)"; a link whose text is its address stands once. */
const spellLink = (text: string, { href, start }: Link): string => {
  const label = text.slice(start).trim()
  if (label === href) return text
  return label === "" ? text + href : `${text} (${href})`
}

/** Where the element that is open ends, after its closing tag; the end of the text when it is never closed. */
const afterElement = (lowerHtml: string, name: string, from: number): number => {
  const closing = lowerHtml.indexOf(`</${name}`, from)
  const end = closing < 0 ? -1 : lowerHtml.indexOf(">", closing)
  return end < 0 ? lowerHtml.length : end + 1
}

/**
 * The plain-text part of a message whose author wrote only HTML: paragraphs, list items and links kept. One
 * pass without backtracking, so that no content, however broken, takes long.
 */
export function htmlToText(html: string): string {
  // Only A to Z, since the lower case of other letters may be longer and would shift every place.
  const lowerHtml = html.replace(/[A-Z]+/g, letters => letters.toLowerCase())
  let text = ""
  let at = 0
  let link: Link | undefined
  while (at < html.length) {
    const open = html.indexOf("<", at)
    const words = open < 0 ? html.slice(at) : html.slice(at, open)
    text += decode(words.replace(/\s+/g, " "))
    if (open < 0) break
    if (html.startsWith("<!--", open)) {
      const end = html.indexOf("-->", open)
      at = end < 0 ? html.length : end + 3
      continue
    }
    const close = html.indexOf(">", open)
    if (close < 0) break
    const tag = html.slice(open + 1, close)
    const isClosing = tag.startsWith("/")
    const name = /^\/?([a-z][a-z0-9]*)/i.exec(tag)?.[1]?.toLowerCase() ?? ""
    at = close + 1
    if (silent.has(name) && !isClosing) at = afterElement(lowerHtml, name, at)
    else if (name === "br" || (name === "tr" && isClosing)) text += "\n"
    else if (name === "li" && !isClosing) text += "\n- "
    else if (paragraphs.has(name) && isClosing) text += "\n\n"
    else if (name === "a") {
      if (link) text = spellLink(text, link)
      const href = isClosing ? undefined : hrefOf(tag)
      link = href === undefined ? undefined : { href: decode(href), start: text.length }
    }
  }
  return text
    .replace(/[ \t]+/g, " ")
    .split("\n")
    .map(line => line.trim())
    .join("\n")
    .replace(/\n{3,}/g, "\n\n")
    .trim()
}
