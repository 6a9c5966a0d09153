import { isWebAddress } from "./links.ts"

export type Tracking = {
  /** The image whose loading is an opening; absent: openings are not told. */
  open?: string
  /** What a link is replaced with; absent: clicks are not told. */
  click?: (target: string) => string
  /** Links that stay as they are. */
  untouched: readonly string[]
}

const entities: { [name: string]: string } = { amp: "&", quot: '"', apos: "'", lt: "<", gt: ">" }

const decoded = (text: string): string =>
  text.replaceAll(/&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([a-z]{2,4}));/g, (whole, decimal, hex, name) => {
    if (name !== undefined) return entities[name] ?? whole
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal)
    return code <= 0x10_ff_ff ? String.fromCodePoint(code) : whole
  })

const encoded = (text: string): string => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;")

/** What fits into a link of ours with room to spare: mail clients and servers cut very long ones. */
const LONGEST = 2_000

const href = /(\shref\s*=\s*)(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/i

/** Leads the links of a message through ours and adds the image; everything else stays as it is. */
export const trackLinks = (html: string, { open, click, untouched }: Tracking): string => {
  const linked = click === undefined ? html : withLinks(html, click, untouched)
  if (open === undefined) return linked
  const image = `<img src="${encoded(open)}" width="1" height="1" alt="" style="display:block;border:0">`
  const end = linked.toLowerCase().lastIndexOf("</body>")
  return end < 0 ? `${linked}${image}` : `${linked.slice(0, end)}${image}${linked.slice(end)}`
}

/** Goes over the text once, from tag to tag: half a megabyte of broken marks takes no time. */
const withLinks = (html: string, click: (target: string) => string, untouched: readonly string[]): string => {
  const pieces: string[] = []
  let from = 0
  const tag = /<a\s/gi
  for (let found = tag.exec(html); found !== null; found = tag.exec(html)) {
    const end = html.indexOf(">", found.index)
    if (end < 0) break
    const changed = html.slice(found.index, end).replace(href, (whole, before, double, single, bare) => {
      const target = decoded(double ?? single ?? bare).trim()
      return isWebAddress(target) && target.length <= LONGEST && !untouched.includes(target)
        ? `${before}"${encoded(click(target))}"`
        : whole
    })
    pieces.push(html.slice(from, found.index), changed)
    from = end
    tag.lastIndex = end
  }
  pieces.push(html.slice(from))
  return pieces.join("")
}
