import { describe, expect, test } from "vitest"
import { at, eventOf, momentOf } from "../../testing/moment.ts"
import { hashId } from "../../values/hash.ts"
import type { JsonObject } from "../../values/json.ts"
import type { Knowledge } from "../../values/known.ts"
import type { EmailConfig } from "./config.ts"
import { email } from "./email.ts"

const footer = '<a href="{{ links.unsubscribe }}">no more</a>'
const mailOf = (changes: Partial<EmailConfig> = {}): EmailConfig => ({
  purpose: "marketing",
  subject: "Hello {{ profile.first_name | default: 'friend' }}",
  html: `<p>{{ entry.properties.total }} € in {{ profile.address.city }}</p>${footer}`,
  tracking: { opens: true, clicks: true },
  ...changes,
})

const entry = eventOf("Order", at, { total: 42, secret: "s" })
const ann: JsonObject = {
  email: "ann@example.com",
  first_name: "Ann",
  address: { city: "Pisa", zip: "56100" },
}

const table: { name: string; config?: Partial<EmailConfig>; attributes: JsonObject; expected: object }[] = [
  {
    name: "goes on at once, with the message in the outbox and only the values that it reads",
    attributes: ann,
    expected: {
      kind: "leave",
      outcome: "next",
      effect: {
        kind: "sendMessage",
        id: hashId("e1", "n1", "2"),
        enrollment: "e1",
        node: "n1",
        visit: 2,
        channel: "email",
        to: "ann@example.com",
        values: {
          profile: { first_name: "Ann", address: { city: "Pisa" } },
          entry: { properties: { total: 42 } },
        },
      },
    },
  },
  {
    name: "suppressed without an address",
    attributes: { address: { city: "Pisa" } },
    expected: { kind: "leave", outcome: "suppressed", because: { leaf: "profile.email" } },
  },
  {
    name: "suppressed with an empty address",
    attributes: { ...ann, email: " " },
    expected: { kind: "leave", outcome: "suppressed", because: { leaf: "profile.email", value: " " } },
  },
  {
    name: "suppressed with a text that is no address",
    attributes: { ...ann, email: "not-an-email" },
    expected: {
      kind: "leave",
      outcome: "suppressed",
      because: { leaf: "profile.email", value: "not-an-email" },
    },
  },
  {
    name: "marketing to somebody who unsubscribed is suppressed",
    attributes: { ...ann, unsubscribed: true },
    expected: {
      kind: "leave",
      outcome: "suppressed",
      because: { leaf: "profile.unsubscribed", value: true },
    },
  },
  {
    name: "an address on the suppression list gets nothing, not even what is no marketing",
    config: { purpose: "transactional" },
    attributes: { ...ann, suppressed_email: "Ann@Example.com" },
    expected: {
      kind: "leave",
      outcome: "suppressed",
      because: { leaf: "profile.suppressed_email", value: "Ann@Example.com" },
    },
  },
  {
    name: "another address than the suppressed one is written to",
    attributes: { ...ann, suppressed_email: "old@example.com" },
    expected: { kind: "leave", outcome: "next" },
  },
  {
    name: "what they need to know is sent all the same",
    config: { purpose: "transactional", subject: "Your order", html: "<p>Thanks</p>" },
    attributes: { ...ann, unsubscribed: true },
    expected: { kind: "leave", outcome: "next", effect: { to: "ann@example.com", values: {} } },
  },
  {
    name: "failed when a plain value is missing",
    attributes: { email: "ann@example.com", first_name: "Ann" },
    expected: { kind: "leave", outcome: "failed", error: "profile.address.city has no value" },
  },
  {
    name: "inside a tag nothing is needed",
    config: { html: `{% if profile.address %}{{ profile.address.city }}{% endif %}${footer}` },
    attributes: { email: "ann@example.com" },
    expected: { kind: "leave", outcome: "next", effect: { values: {} } },
  },
  {
    name: "a filter does not make up for a missing value, an empty text does",
    config: { html: `{{ profile.city | upcase }}${footer}` },
    attributes: { email: "ann@example.com", city: "" },
    expected: { kind: "leave", outcome: "next", effect: { values: { profile: { city: "" } } } },
  },
]

describe("decide", () => {
  test.each(table)("$name", ({ config, attributes, expected }) => {
    const decide = email.decide(mailOf(config))
    expect(decide(momentOf({ attributes, entry }))).toMatchObject(expected)
  })
})

describe("check", () => {
  const checks: { name: string; config: Partial<EmailConfig>; expected: object[] }[] = [
    { name: "fine", config: {}, expected: [] },
    { name: "no subject", config: { subject: " " }, expected: [{ id: "subject-missing", at: "/subject" }] },
    { name: "no content", config: { html: "" }, expected: [{ id: "content-missing", at: "/html" }] },
    {
      name: "no way to unsubscribe",
      config: { html: "<p>Buy</p>" },
      expected: [{ id: "unsubscribe-missing", severity: "error", node: "m" }],
    },
    {
      name: "transactional needs none",
      config: { purpose: "transactional", html: "<p>Paid</p>" },
      expected: [],
    },
    {
      name: "a name that no template has",
      config: { subject: "Hi {{ customer.name }}" },
      expected: [{ id: "template-variable-unknown", at: "/subject", values: { variable: "customer.name" } }],
    },
    {
      name: "a link that does not exist",
      config: { html: `{{ links.home }}${footer}` },
      expected: [{ id: "template-variable-unknown", values: { variable: "links.home" } }],
    },
    {
      name: "a tag that is not closed",
      config: { html: `{% if profile.a %}${footer}` },
      expected: [{ id: "template-invalid", at: "/html", node: "m" }],
    },
    {
      name: "a tag that reads files",
      config: { html: `{% include 'x' %}${footer}` },
      expected: [{ id: "template-invalid", at: "/html" }],
    },
    {
      name: "a filter that draws at random",
      config: { html: `{{ entry.properties.items | sample }}${footer}` },
      expected: [{ id: "template-invalid", at: "/html" }],
    },
  ]
  test.each(checks)("$name", ({ config, expected }) => {
    expect(email.check(mailOf(config), { node: "m", knowledge: {} })).toMatchObject(expected)
    expect(email.check(mailOf(config), { node: "m", knowledge: {} })).toHaveLength(expected.length)
  })
  test("an attribute that nobody has", () => {
    const knowledge: Knowledge = { attributes: { "address.city": "text", email: "text" } }
    const found = email.check(mailOf(), { node: "m", knowledge })
    expect(found).toMatchObject([{ id: "attribute-never-seen", values: { attribute: "first_name" } }])
  })
  test("a property that the entry's event never brought", () => {
    const knowledge: Knowledge = { events: { Order: { properties: { amount: "number" } } } }
    const found = email.check(mailOf(), { node: "m", knowledge, entryEvent: "Order" })
    expect(found).toMatchObject([
      { id: "property-never-seen", values: { event: "Order", property: "total" } },
    ])
  })
})
