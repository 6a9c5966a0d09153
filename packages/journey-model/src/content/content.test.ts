import fc from "fast-check"
import { describe, expect, test } from "vitest"
import type { View } from "../conditions/facts.ts"
import type { JsonObject } from "../values/json.ts"
import { type CompiledEmail, compileEmail, renderEmail } from "./email.ts"
import { compileFreeze } from "./freeze.ts"
import { htmlToText } from "./html-to-text.ts"

const links = { unsubscribe: "https://x.example/u" }

const compiled = (html: string, more: object = {}): CompiledEmail => {
  const result = compileEmail({ subject: "S", html, ...more })
  if (!result.ok) throw new Error(result.problems.map(found => found.text).join())
  return result.value
}

const viewOf = (attributes: JsonObject, properties: JsonObject = {}): View => ({
  customer: "c1",
  attributes,
  context: {},
  now: 0,
  enteredAt: 0,
  entry: { name: "Order", at: Date.UTC(2026, 1, 3, 4, 5), properties, messageId: "m" },
  digest: () => undefined,
  events: () => [],
})

const render = (html: string, view: View): string => {
  const email = compiled(html)
  return renderEmail(email, compileFreeze(email.reads)(view), links).html
}

describe("rendering", () => {
  const table: [name: string, html: string, attributes: JsonObject, expected: string][] = [
    ["escapes what customers wrote", "<b>{{ profile.n }}</b>", { n: "<i>&" }, "<b>&lt;i&gt;&amp;</b>"],
    ["unless it is raw", "{{ profile.n | raw }}", { n: "<i>" }, "<i>"],
    ["uses defaults", "{{ profile.n | default: 'you' }}", {}, "you"],
    ["branches", "{% if profile.vip %}yes{% else %}no{% endif %}", { vip: true }, "yes"],
    [
      "loops over lists",
      "{% for i in profile.l %}[{{ i.a }}]{% endfor %}",
      { l: [{ a: 1 }, { a: 2 }] },
      "[1][2]",
    ],
    ["counts lists and text", "{{ profile.l.size }}{{ profile.n.size }}", { l: [1, 2], n: "abc" }, "23"],
    ["reads computed names", "{{ profile[profile.key] }}", { key: "a", a: "A" }, "A"],
    ["knows the entry event", "{{ entry.name }} {{ entry.at }}", {}, "Order 2026-02-03T04:05:00.000Z"],
    [
      "reads dates in UTC",
      "{{ profile.d | date: '%d %B %H:%M' }}",
      { d: "2026-03-01T00:30:00+02:00" },
      "28 February 22:30",
    ],
    ["has no prototypes", "[{{ profile.constructor.name | default: '' }}]", {}, "[]"],
    ["fills links in", "{{ links.unsubscribe }}", {}, "https://x.example/u"],
  ]
  test.each(table)("%s", (_, html, attributes, expected) =>
    expect(render(html, viewOf(attributes))).toBe(expected),
  )

  test("the machine's clock is no value", () => {
    expect(() => render("{{ 'now' | date: '%Y' }}", viewOf({}))).toThrow("time of rendering")
    expect(() => render("{{ profile.d | date: '%Y' }}", viewOf({ d: "today" }))).toThrow("time of rendering")
  })
  test("subject and preheader are one line of plain text", () => {
    const email = compiled("x", { subject: "Hi\r\nBcc: {{ profile.n }}", preheader: " {{ profile.n }} " })
    const rendered = renderEmail(email, { profile: { n: "A & B\r\nX" } }, links)
    expect(rendered).toMatchObject({ subject: "Hi Bcc: A & B X", preheader: "A & B X" })
  })
  test("a text of its own is not escaped", () => {
    const email = compiled("x", { text: "{{ profile.n }}" })
    expect(renderEmail(email, { profile: { n: "A & B" } }, links).text).toBe("A & B")
  })
  test("work without an end is stopped", () => {
    const email = compiled("{% for a in (1..100000) %}{% for b in (1..100000) %}x{% endfor %}{% endfor %}")
    expect(() => renderEmail(email, {}, links)).toThrow()
  })
})

describe("what a template reads", () => {
  const table: [html: string, reads: string[], required: string[]][] = [
    ["{{ profile.a }}", ["profile.a"], ["profile.a"]],
    ["{{ profile.a | default: 'x' }}", ["profile.a"], []],
    ["{{ profile.a | upcase }}", ["profile.a"], ["profile.a"]],
    ["{% if profile.a %}{{ profile.b }}{% endif %}", ["profile.a", "profile.b"], []],
    ["{% for i in entry.properties.items %}{{ i.name }}{% endfor %}", ["entry.properties.items"], []],
    ["{% assign n = profile.a %}{{ n }}", ["profile.a"], []],
    ["{{ profile['first name'] }}", ["profile.first name"], ["profile.first name"]],
    ["{{ profile[entry.name].x }}", ["entry.name", "profile"], ["profile"]],
    ["{{ links.unsubscribe }}", [], []],
    ["{{ 'text' }}{{ 42 }}", [], []],
    ["{{ 'x' | append: profile.tail }}", ["profile.tail"], []],
  ]
  test.each(table)("%s", (html, reads, required) => {
    const email = compiled(html)
    expect(email.reads.map(path => path.join(".")).sort()).toEqual(reads)
    expect(email.required.map(path => path.join("."))).toEqual(required)
  })
  test("what is frozen is enough to render, and nothing else is stored", () => {
    const attribute = fc.constantFrom("a", "b", "c.d", "c", "l")
    const html = fc
      .array(fc.tuple(attribute, fc.boolean()), { maxLength: 4 })
      .map(parts =>
        parts
          .map(([path, inTag]) =>
            inTag ? `{% if profile.${path} %}{{ profile.${path} }}{% endif %}` : `{{ profile.${path} }}`,
          )
          .join(),
      )
    const attributes = fc.record({
      a: fc.string(),
      b: fc.integer(),
      c: fc.record({ d: fc.string(), e: fc.string() }, { noNullPrototype: true }),
      l: fc.array(fc.string()),
      secret: fc.constant("hidden"),
    })
    fc.assert(
      fc.property(html, attributes, (source, given) => {
        const email = compiled(source)
        const frozen = compileFreeze(email.reads)(viewOf(given as JsonObject))
        const whole = renderEmail(email, { profile: given as JsonObject }, links)
        expect(renderEmail(email, frozen, links)).toEqual(whole)
        expect(JSON.stringify(frozen)).not.toContain("hidden")
      }),
    )
  })
})

describe("plain text from HTML", () => {
  const table: [html: string, text: string][] = [
    ["<p>One</p><p>Two</p>", "One\n\nTwo"],
    ["a<br>b &amp; c&nbsp;&#8364;", "a\nb & c €"],
    ["<ul><li>x</li><li>y</li></ul>", "- x\n- y"],
    ['<a href="https://x.example">Shop</a>', "Shop (https://x.example)"],
    ['<a href="https://x.example">https://x.example</a>', "https://x.example"],
    ["<style>p{}</style><script>1</script><!-- c --><p>x</p>", "x"],
    ["&lt;b&gt; is bold", "<b> is bold"],
  ]
  test.each(table)("%s", (html, text) => expect(htmlToText(html)).toBe(text))
  test("half a megabyte of broken marks takes no time", () => {
    for (const piece of ["<", "<!--", "<style>", "<a href='", "<a href=x>", "&#"]) {
      expect(typeof htmlToText(piece.repeat(500_000 / piece.length))).toBe("string")
    }
  })
  test("anything goes through", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), html => {
        expect(typeof htmlToText(`<p>${html}`)).toBe("string")
      }),
    )
  })
})
