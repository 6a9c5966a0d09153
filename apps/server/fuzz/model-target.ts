import {
  checkJourney,
  compile,
  compileEmail,
  contentHash,
  evaluate,
  parseJourney,
  parseJourneyText,
  printJourney,
  renderEmail,
  startWalk,
  walkSend,
  walkToNext,
} from "@viaggio/journey-model"
import type { Dice } from "../testing/dice.ts"
import { welcome } from "../testing/journeys.ts"
import { junk, junkKey, junkText, spoil, toText } from "./junk.ts"
import type { Fed, Target } from "./run.ts"

const wrong = (text: string): Fed => ({ outcome: "wrong", wrong: text })

/** Three parts of an e-mail, one second each. */
const SLOW_MS = 4_000
const MOST_CHARACTERS = 20_000_000

/** Documents: what can be read can be printed, checked, hashed, and compiled or refused; and reading it again says the same. */
export const documentTarget: Target = {
  name: "documents",
  share: 20,
  async feed(dice) {
    const value = spoil(dice, welcome, dice.pick([0.001, 0.005, 0.02, 0.1, 0.3]))
    const read =
      dice.next() < 0.5 ? parseJourney(value) : parseJourneyText(toText(dice, value).toString("utf8"))
    if (!read.ok) return { outcome: "refused" }
    const text = printJourney(read.value)
    const again = parseJourneyText(text)
    if (!again.ok) return wrong(`what was printed cannot be read: ${text.slice(0, 500)}`)
    if (printJourney(again.value) !== text)
      return wrong(`printing differs the second time: ${text.slice(0, 500)}`)
    if (contentHash(again.value) !== contentHash(read.value)) return wrong("the hash differs the second time")
    checkJourney(read.value)
    if (!compile(read.value).ok) return { outcome: "with errors" }
    walk(dice, read.value)
    return { outcome: "walked" }
  },
}

const walk = (dice: Dice, journey: Parameters<typeof startWalk>[0]["journey"]): void => {
  const started = startWalk({
    journey,
    workspace: "w",
    profile: { id: "018f0000-0000-7000-8000-000000000000", attributes: { email: "ada@example.com" } },
    startAt: Date.UTC(2026, 5, 1),
  })
  if (!started.ok) return
  let at = started.value
  for (let n = 0; n < 8; n += 1)
    at = dice.next() < 0.5 ? walkToNext(at) : walkSend(at, { name: "Order Completed", properties: {} })
}

const comparisons =
  "exists missing equals contains starts-with ends-with greater at-least less at-most before after includes one-of within-last within-next".split(
    " ",
  )

const condition = (dice: Dice, depth = 0): unknown => {
  const kind = dice.pick(["all", "any", "not", "profile", "entry", "context", "event-count", "event-time"])
  const rest = { is: dice.pick(comparisons), value: dice.next() < 0.3 ? { ref: junkText(dice) } : junk(dice) }
  if (kind === "all" || kind === "any")
    return {
      kind,
      of: depth > 5 ? [] : Array.from({ length: dice.between(0, 3) }, () => condition(dice, depth + 1)),
    }
  if (kind === "not") return { kind, of: depth > 5 ? { kind: "all", of: [] } : condition(dice, depth + 1) }
  if (kind === "event-count")
    return {
      kind,
      event: junkText(dice),
      period: dice.pick(["P1D", "since-entry", junkText(dice)]),
      atLeast: junk(dice),
      atMost: junk(dice),
    }
  if (kind === "event-time")
    return { kind, event: junkText(dice), which: dice.pick(["first", "last"]), ...rest }
  return { kind, path: junkText(dice), ...rest }
}

/** Conditions that pass the parser are evaluated on junk customers: true or false, never a throw. */
export const conditionTarget: Target = {
  name: "conditions",
  share: 15,
  async feed(dice) {
    const branch = { id: "b", name: "B", when: condition(dice) }
    const split = { id: "interested", type: "split", version: 1, config: { branches: [branch] } }
    const read = parseJourney({
      ...welcome,
      nodes: welcome.nodes.map(node => (node.id === "interested" ? split : node)),
      edges: welcome.edges.map(edge => (edge.outcome === "browsing" ? { ...edge, outcome: "b" } : edge)),
    })
    if (!read.ok) return { outcome: "refused" }
    checkJourney(read.value)
    if (!compile(read.value).ok) return { outcome: "with errors" }
    const node = read.value.nodes.find(({ id }) => id === "interested")!
    const { branches } = node.config as { branches: { when: never }[] }
    const facts = JSON.parse(JSON.stringify({ a: junk(dice) ?? null, [junkKey(dice)]: junk(dice) ?? null }))
    const now = Date.UTC(2026, 5, 1)
    const found = evaluate(branches[0]!.when, {
      customer: "c",
      attributes: facts,
      context: facts,
      now,
      enteredAt: now - 1_000,
      entry: { name: "Account Created", at: now - 1_000, properties: facts, messageId: "m" },
      events: () => [{ name: "x", at: now - 5_000, properties: facts, messageId: "n" }],
      digest: () => ({ count: 1, firstAt: now - 5_000, lastAt: now - 5_000 }),
    } as never)
    return typeof found.value === "boolean"
      ? { outcome: String(found.value) }
      : wrong(`neither true nor false: ${JSON.stringify(found)}`)
  },
}

const pieces = [
  "{{ profile.first_name }}",
  "{{ profile.first_name | default: 'x' }}",
  "{{ profile[entry.properties.a][0].b | upcase }}",
  "{% for i in (1..10000) %}{% for j in (1..10000) %}x{% endfor %}{% endfor %}",
  "{% for i in profile.list %}{{ i | json }}{% endfor %}",
  "{% assign a = 'xxxxxxxxxx' %}",
  "{% for i in (1..60) %}{% assign a = a | append: a %}{% endfor %}{{ a }}",
  "{% for i in (1..1000) %}{% assign a = a | replace: 'x', 'xx' %}{% endfor %}",
  "{% capture a %}{% for i in (1..100000) %}abcdefgh{% endfor %}{% endcapture %}{{ a }}",
  "{{ 'x' | append: 9 | split: '' | join: ',' | sort | reverse | first }}",
  "{{ 100000000 | times: 100000000 | divided_by: 0 }}",
  "{{ '2026-01-01' | date: '%Y %1000000Y %^#:z' }}",
  "{{ 'a' | slice: -1, 99999999 }}",
  "{{ profile.__proto__.polluted }}{{ profile.constructor.constructor }}",
  "{% include 'x' %}{% render 'y' %}{% layout 'z' %}",
  "{% if profile.a == nil and entry.name contains 'x' or true %}y{% else %}z{% endif %}",
  "{% case profile.a %}{% when 1, 2 %}x{% endcase %}",
  "{% tablerow i in (1..1000000) cols: 3 %}{{ i }}{% endtablerow %}",
  "{% raw %}{{ x }}{% endraw %}{% comment %}{% endcomment %}",
  "{{ profile.email | truncate: 100000000 }}",
  "{{ 'x' | url_encode | url_decode | escape | strip_html | newline_to_br }}",
  "{{",
  "}}",
  "{%",
  "{% for",
  "{% endfor %}",
  "<a href='{{ links.unsubscribe }}'>",
  "<!--",
  "<p",
  "<style>",
  "&#x110000;&#55296;&amp",
]

/** Templates: an error with a sentence, or text of bounded size in bounded time. */
export const templateTarget: Target = {
  name: "templates",
  share: 15,
  async feed(dice) {
    const template = () =>
      Array.from({ length: dice.between(1, 6) }, () =>
        dice.next() < 0.8 ? dice.pick(pieces) : junkText(dice),
      ).join("")
    const email = compileEmail({
      subject: template(),
      html: template(),
      ...(dice.next() < 0.5 ? { preheader: template() } : {}),
      ...(dice.next() < 0.3 ? { text: template() } : {}),
    })
    if (!email.ok) return { outcome: "refused" }
    const values = JSON.parse(
      JSON.stringify({ profile: junk(dice) ?? {}, entry: { name: "x", properties: junk(dice) ?? {} } }),
    )
    const startedAt = performance.now()
    let size = 0
    let outcome = "rendered"
    let message = ""
    try {
      const { subject, html, text } = renderEmail(email.value, values, { unsubscribe: "http://x/" })
      size = subject.length + html.length + text.length
    } catch (error) {
      if (!(error instanceof Error) || error.message === "") return wrong(`threw ${error}`)
      if (error instanceof RangeError && /stack/.test(error.message)) return wrong(`threw ${error.stack}`)
      outcome = "failed"
      message = error.message
    }
    const tookMs = performance.now() - startedAt
    if (tookMs > SLOW_MS) return wrong(`took ${Math.round(tookMs)} ms, ${outcome} ${message}`)
    if (size > MOST_CHARACTERS) return wrong(`made ${size} characters`)
    return { outcome }
  },
}
