import type { Journey } from "../journey/document.ts"
import { parseJourney } from "../journey/parse.ts"

const footer = '<p><a href="{{ links.unsubscribe }}">Unsubscribe</a></p>'

/** The text form of a small but whole journey: entry, mail, wait that looks back, split, reminder, three exits. */
export const welcomeDocument = {
  format: 1,
  key: "welcome-with-coupon",
  name: "Welcome with coupon",
  settings: { reentry: { mode: "once" } },
  nodes: [
    { id: "start", type: "event-entry", version: 1, config: { event: "Account Created", maxAge: "P1D" } },
    {
      id: "welcome",
      type: "email",
      version: 1,
      name: "Welcome",
      config: {
        purpose: "marketing",
        subject: "Welcome, {{ profile.first_name | default: 'friend' }}",
        html: `<p>10 % off your first order: <b>WELCOME10</b></p>${footer}`,
        tracking: { opens: true, clicks: true },
      },
    },
    {
      id: "first-order",
      type: "wait-for-event",
      version: 1,
      config: {
        branches: [{ id: "ordered", name: "Ordered", event: "Order Completed" }],
        timeout: "P3D",
        since: "entry",
      },
    },
    {
      id: "interested",
      type: "split",
      version: 1,
      config: {
        branches: [
          {
            id: "browsing",
            name: "Has looked around",
            when: { kind: "event-count", event: "Product Viewed", period: "since-entry", atLeast: 1 },
          },
        ],
      },
    },
    {
      id: "reminder",
      type: "email",
      version: 1,
      name: "Reminder",
      config: {
        purpose: "marketing",
        subject: "Your 10 % is still waiting",
        html: `<p>WELCOME10 ends on Sunday.</p>${footer}`,
        tracking: { opens: true, clicks: true },
      },
    },
    { id: "bought", type: "exit", version: 1, config: { reason: "bought" } },
    { id: "cold", type: "exit", version: 1, config: { reason: "cold" } },
    { id: "done", type: "exit", version: 1, config: { reason: "done" } },
  ],
  edges: [
    { from: "start", outcome: "next", to: "welcome" },
    { from: "welcome", outcome: "next", to: "first-order" },
    { from: "first-order", outcome: "ordered", to: "bought" },
    { from: "first-order", outcome: "timeout", to: "interested" },
    { from: "interested", outcome: "browsing", to: "reminder" },
    { from: "interested", outcome: "else", to: "cold" },
    { from: "reminder", outcome: "next", to: "done" },
  ],
  layout: {
    start: [0, 0],
    welcome: [0, 140],
    "first-order": [0, 280],
    interested: [180, 420],
    reminder: [80, 560],
    bought: [-180, 420],
    cold: [320, 560],
    done: [80, 700],
  },
}

/** Parses a document that must be one, for tests. */
export function journeyOf(input: unknown): Journey {
  const parsed = parseJourney(input)
  if (!parsed.ok) throw new Error(parsed.problems.map(found => found.text).join("; "))
  return parsed.value
}

export const welcomeJourney = (): Journey => journeyOf(welcomeDocument)
