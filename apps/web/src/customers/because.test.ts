import { expect, it } from "vitest"
import { type Because, type Reason, readBecause } from "./because.ts"

it.each<[string, Because, Reason]>([
  [
    "an attribute",
    { leaf: "profile.country", value: "IT" },
    { kind: "attribute", name: "country", value: "IT" },
  ],
  ["an attribute that nobody has said", { leaf: "profile.email" }, { kind: "attribute", name: "email" }],
  [
    "a property of the entry",
    { leaf: "entry.properties.total", value: 42.5 },
    { kind: "property", name: "total", value: "42.5" },
  ],
  [
    "how often something happened",
    { leaf: "count(Product Viewed)", value: 0 },
    { kind: "count", name: "Product Viewed", count: 0 },
  ],
  [
    "an event that came",
    { leaf: "event(Order Completed)", value: "m1" },
    { kind: "event", name: "Order Completed" },
  ],
  [
    "what is not known here",
    { leaf: "answer.status", value: 503, tries: 5 },
    { kind: "other", text: "answer.status, value: 503, tries: 5" },
  ],
])("%s", (_, because, expected) => expect(readBecause(because)).toEqual(expected))
