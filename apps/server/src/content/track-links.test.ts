import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { createMessageLinks } from "./links.ts"
import { trackLinks } from "./track-links.ts"

const click = (target: string) => `https://t.example/${target}`
const track = (html: string, untouched: string[] = []) => trackLinks(html, { click, untouched })

describe("links of a message", () => {
  const table: [about: string, html: string, expected: string][] = [
    [
      "in double quotes",
      '<a href="https://x.example/">x</a>',
      '<a href="https://t.example/https://x.example/">x</a>',
    ],
    [
      "in single quotes",
      "<a href='http://x.example'>x</a>",
      '<a href="https://t.example/http://x.example">x</a>',
    ],
    [
      "without quotes",
      "<a href=https://x.example>x</a>",
      '<a href="https://t.example/https://x.example">x</a>',
    ],
    [
      "after others",
      '<A class="b" HREF = "https://x.example">x</A>',
      '<A class="b" HREF = "https://t.example/https://x.example">x</A>',
    ],
    [
      "with entities",
      '<a href="https://x.example/?a=1&amp;b=&#34;">x</a>',
      '<a href="https://t.example/https://x.example/?a=1&amp;b=&quot;">x</a>',
    ],
    ["to nobody's web", '<a href="mailto:a@x.example">x</a>', '<a href="mailto:a@x.example">x</a>'],
    ["of other tags", '<area href="https://x.example">', '<area href="https://x.example">'],
    [
      "of another attribute",
      '<a data-href="https://x.example">x</a>',
      '<a data-href="https://x.example">x</a>',
    ],
    ["cut off", '<a href="https://x.example', '<a href="https://x.example'],
  ]
  it.each(table)("%s", (_about, html, expected) => expect(track(html)).toBe(expected))

  it("that are to stay as they are do", () => {
    const html = '<a href="https://x.example/no-more">x</a>'
    expect(track(html, ["https://x.example/no-more"])).toBe(html)
  })

  it("are left alone where they are very long", () => {
    const html = `<a href="https://x.example/${"a".repeat(3_000)}">x</a>`
    expect(track(html)).toBe(html)
  })

  it("get the image at the end of the body, or of the message", () => {
    const image =
      '<img src="https://t.example/?a&amp;b" width="1" height="1" alt="" style="display:block;border:0">'
    const open = "https://t.example/?a&b"
    expect(trackLinks("<body>x</body></html>", { open, untouched: [] })).toBe(`<body>x${image}</body></html>`)
    expect(trackLinks("x", { open, untouched: [] })).toBe(`x${image}`)
  })

  it("take no time in half a megabyte of broken marks", () => {
    for (const piece of ["<a ", "<a href=", "<a href='", '<a href="https://x', "<a href=x>"])
      expect(typeof track(piece.repeat(500_000 / piece.length))).toBe("string")
  })

  it("change nothing else, whatever it is", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), text => {
        const html = text.replaceAll(/<a/gi, "")
        expect(track(html)).toBe(html)
      }),
    )
  })
})

describe("tokens", () => {
  const links = createMessageLinks("https://j.example", "secret")
  const place = { bucket: 7, id: "0190f0e0-0000-7000-8000-000000000001" }
  const tokenOf = (link: string) => link.slice(link.lastIndexOf("/") + 1)

  it("name their message and their target, and nobody else can make them", () => {
    const target = "https://x.example/ü?a=b.c&d=%20#e"
    const token = tokenOf(links.click(place, target))
    expect(links.readClick(token)).toEqual({ ...place, target })
    expect(createMessageLinks("https://j.example", "other").readClick(token)).toBeUndefined()
    expect(links.readOpen(tokenOf(links.open(place)))).toEqual(place)
    expect(links.readUnsubscribe(tokenOf(links.open(place)))).toBeUndefined()
    expect(links.readOpen(token)).toBeUndefined()
  })

  it("lead to the web only", () => {
    const token = tokenOf(links.click(place, "javascript:alert(1)"))
    expect(links.readClick(token)).toBeUndefined()
  })

  it("that are nonsense are nobody's", () => {
    fc.assert(
      fc.property(fc.string(), text => {
        for (const read of [links.readClick, links.readOpen, links.readUnsubscribe])
          expect(read(text)).toBeUndefined()
      }),
    )
  })
})
