import { describe, expect, test } from "vitest"
import { at, eventOf, hourMs, momentOf } from "../../testing/moment.ts"
import { hashId } from "../../values/hash.ts"
import type { Decision, Moment } from "../definition.ts"
import { answerOfStub, keptOf } from "./answer.ts"
import type { WebhookConfig } from "./config.ts"
import { webhook } from "./webhook.ts"

const callOf = (changes: Partial<WebhookConfig> = {}): WebhookConfig => ({
  method: "POST",
  url: "https://crm.example/api/leads",
  headers: { "x-source": "viaggio" },
  timeout: "PT10S",
  attempts: 5,
  save: [{ from: "/lead/id", to: "lead_id" }],
  ...changes,
})

const entry = eventOf("Order", at - hourMs, { total: 42, tags: ["a", "b"], gift: null, cart: { id: "c1" } })

const asked = (body: unknown): Partial<Decision> => ({
  kind: "park",
  effect: {
    kind: "callWebhook",
    id: hashId("e1", "n1", "2"),
    enrollment: "e1",
    node: "n1",
    visit: 2,
    request: {
      method: "POST",
      url: "https://crm.example/api/leads",
      headers: { "x-source": "viaggio" },
      ...(body === undefined ? {} : { body: body as never }),
    },
    timeoutMs: 10_000,
    attempts: 5,
    save: [{ from: "/lead/id", to: "lead_id" }],
  },
})

const table: { name: string; config?: Partial<WebhookConfig>; moment?: Partial<Moment>; expected: object }[] =
  [
    { name: "asks and stays", expected: asked(undefined) },
    {
      name: "a lone value keeps its type, others become text",
      config: {
        body: {
          total: "{{ entry.properties.total }}",
          tags: "{{entry.properties.tags}}",
          cart: "{{ entry.properties.cart }}",
          text: "Total {{ entry.properties.total }}",
          size: "{{ entry.properties.tags.size }}",
          upper: "{{ profile.email | upcase }}",
          nick: "{{ profile.nick | default: '' }}",
          plain: "x",
          list: [1, true, null, "{{ entry.name }}"],
        },
      },
      expected: asked({
        total: 42,
        tags: ["a", "b"],
        cart: { id: "c1" },
        text: "Total 42",
        size: "2",
        upper: "ANN@EXAMPLE.COM",
        nick: "",
        plain: "x",
        list: [1, true, null, "Order"],
      }),
    },
    {
      name: "what is text in one customer is not read as a template again",
      config: { body: "{{ profile.nick }}" },
      moment: { attributes: { nick: "{{ profile.email }} <b>" } },
      expected: asked("{{ profile.email }} <b>"),
    },
    {
      name: "a call by GET takes no body along",
      config: { method: "GET", body: { a: "{{ profile.nobody }}" }, save: [] },
      expected: { kind: "park", effect: { request: { method: "GET" } } },
    },
    {
      name: "fails at once when a value is missing",
      config: { body: { nick: "{{ profile.nick }}" } },
      expected: { kind: "leave", outcome: "failed", error: "profile.nick has no value" },
    },
    {
      name: "fails at once when a value is null",
      config: { body: { gift: "{{ entry.properties.gift }}" } },
      expected: { kind: "leave", outcome: "failed", error: "entry.properties.gift has no value" },
    },
    {
      name: "fails at once when the body grows past all bounds",
      config: { body: "{{ profile.long }}" },
      moment: { attributes: { long: "x".repeat(262_144) } },
      expected: { kind: "leave", outcome: "failed", error: "the body is too long" },
    },
    {
      name: "an answer lets the customer go on, with what is kept",
      moment: {
        cause: "effect",
        answer: { outcome: "succeeded", status: 201, values: { lead_id: "l-1" } },
      },
      expected: {
        kind: "leave",
        outcome: "succeeded",
        because: { leaf: "answer.status", value: 201 },
        context: { lead_id: "l-1" },
      },
    },
    {
      name: "says what it looked for in the answer and did not find",
      moment: { cause: "effect", answer: { outcome: "succeeded", status: 200, values: {} } },
      expected: { kind: "leave", outcome: "succeeded", because: { leaf: "answer/lead/id" }, context: {} },
    },
    {
      name: "a failure is a way out with a reason",
      moment: { cause: "effect", answer: { outcome: "failed", status: 404, error: "status 404" } },
      expected: { kind: "leave", outcome: "failed", error: "status 404" },
    },
    {
      name: "an event changes nothing",
      moment: { cause: "event", event: entry },
      expected: { kind: "park" },
    },
  ]

describe("decide", () => {
  test.each(table)("$name", ({ config, moment, expected }) => {
    const decision = webhook.decide(callOf(config))(momentOf({ entry, ...moment }))
    expect(decision).toMatchObject(expected)
    if (decision.kind === "park" && !decision.effect) expect(decision).toEqual(expected)
    const request = decision.kind === "park" ? decision.effect?.request : undefined
    if (request?.method === "GET") expect(request).not.toHaveProperty("body")
  })
})

describe("what is kept of an answer", () => {
  const body = { lead: { id: 7, "a/b": "x" }, list: [{ n: 1 }], long: "x".repeat(10_001), none: null }
  test.each([
    ["a member", "/lead/id", 7],
    ["an escaped name", "/lead/a~1b", "x"],
    ["a place in a list", "/list/0/n", 1],
    ["the whole", "", undefined],
    ["nothing there", "/lead/name", undefined],
    ["a place past the end", "/list/1", undefined],
    ["a name of the prototype", "/constructor", undefined],
    ["null", "/none", undefined],
    ["too much", "/long", undefined],
  ])("%s", (_, from, expected) => {
    expect(keptOf([{ from, to: "v" }], body)).toEqual(expected === undefined ? {} : { v: expected })
  })
  test("the whole, where it is small", () => {
    expect(keptOf([{ from: "", to: "v" }], [1, 2])).toEqual({ v: [1, 2] })
  })
  test("of a stand-in", () => {
    const decision = webhook.decide(callOf())(momentOf())
    if (decision.kind !== "park" || !decision.effect) throw new Error("nothing was asked")
    expect(answerOfStub({ outcome: "succeeded", body }, decision.effect)).toEqual({
      outcome: "succeeded",
      status: 200,
      values: { lead_id: 7 },
    })
    expect(answerOfStub({ outcome: "failed" }, decision.effect)).toMatchObject({ outcome: "failed" })
  })
})

const checks: { name: string; config: Partial<WebhookConfig>; expected: [string, string][] }[] = [
  { name: "a sound call", config: {}, expected: [] },
  { name: "no address", config: { url: " " }, expected: [["webhook-url-missing", "/url"]] },
  { name: "no scheme", config: { url: "crm.example/x" }, expected: [["webhook-url-invalid", "/url"]] },
  {
    name: "another scheme",
    config: { url: "ftp://crm.example" },
    expected: [["webhook-url-invalid", "/url"]],
  },
  {
    name: "a template in the address",
    config: { url: "https://crm.example/{{ profile.id }}" },
    expected: [["webhook-url-invalid", "/url"]],
  },
  { name: "plain http", config: { url: "http://crm.example/" }, expected: [["webhook-url-plain", "/url"]] },
  {
    name: "a password in the address",
    config: { url: "https://me:pass@crm.example/" },
    expected: [["webhook-url-secret", "/url"]],
  },
  {
    name: "a secret in the query",
    config: { url: "https://crm.example/x?page=1&api_key=abc" },
    expected: [["webhook-url-secret", "/url"]],
  },
  { name: "a word that only ends like one", config: { url: "https://crm.example/x?monkey=1" }, expected: [] },
  ...[
    "localhost",
    "127.0.0.1",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "[::1]",
    "[fe80::1]",
    "[fd00::1]",
    "[::ffff:10.0.0.1]",
    "2130706433",
    "0x7f000001",
    "db.internal",
  ].map((host): { name: string; config: Partial<WebhookConfig>; expected: [string, string][] } => ({
    name: `inside: ${host}`,
    config: { url: `https://${host}/x` },
    expected: [["webhook-url-private", "/url"]],
  })),
  ...["172.32.0.1", "8.8.8.8", "[2001:db8::1]", "100.128.0.1", "10.example"].map(
    (host): { name: string; config: Partial<WebhookConfig>; expected: [string, string][] } => ({
      name: `outside: ${host}`,
      config: { url: `https://${host}:8443/x?y=z` },
      expected: [],
    }),
  ),
  {
    name: "headers that cannot be",
    config: { headers: { "a b": "1", ok: "1", c: "x\ny" } },
    expected: [
      ["webhook-header-invalid", "/headers"],
      ["webhook-header-invalid", "/headers"],
    ],
  },
  {
    name: "headers that are not one's own",
    config: { headers: { Host: "x", "webhook-id": "1", "X-A": "1", "x-a": "2" } },
    expected: [
      ["webhook-header-reserved", "/headers"],
      ["webhook-header-reserved", "/headers"],
      ["webhook-header-reserved", "/headers"],
    ],
  },
  {
    name: "pointers and names",
    config: {
      save: [
        { from: "lead", to: "a" },
        { from: "/a~2", to: "b" },
        { from: "", to: "Lead Id" },
        { from: "/x", to: "a" },
      ],
    },
    expected: [
      ["webhook-pointer-invalid", "/save/0/from"],
      ["webhook-pointer-invalid", "/save/1/from"],
      ["context-name-invalid", "/save/2/to"],
      ["context-name-duplicate", "/save/3/to"],
    ],
  },
  {
    name: "templates that cannot be read, each at its place",
    config: { body: { a: ["{{ x"], "b/c": "{{ customer.name }}", d: "{{ links.unsubscribe }}" } },
    expected: [
      ["template-invalid", "/body/a/0"],
      ["template-variable-unknown", "/body/b~1c"],
      ["template-variable-unknown", "/body/d"],
    ],
  },
  {
    name: "context that nothing sets",
    config: { body: "{{ context.lead.id }}" },
    expected: [["context-never-set", "/body"]],
  },
  {
    name: "GET with a body",
    config: { method: "GET", body: 1 },
    expected: [["webhook-body-unused", "/body"]],
  },
  { name: "too slow", config: { timeout: "PT61S" }, expected: [["webhook-timeout-long", "/timeout"]] },
  { name: "too often", config: { attempts: 21 }, expected: [["webhook-attempts-range", "/attempts"]] },
  { name: "never", config: { attempts: 0 }, expected: [["webhook-attempts-range", "/attempts"]] },
]

test.each(checks)("check: $name", ({ config, expected }) => {
  const found = webhook.check(callOf(config), { node: "w", knowledge: {} })
  expect(found.map(problem => [problem.id, problem.at])).toEqual(expected)
})

test("describe names the host", () => {
  expect(webhook.describe(callOf({ save: [] }))).toEqual({
    id: "node.webhook",
    values: { host: "crm.example" },
  })
})
