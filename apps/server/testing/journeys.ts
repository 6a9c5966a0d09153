import { type Journey, parseJourney } from "@viaggio/journey-model"

const parsed = (document: object): Journey => {
  const result = parseJourney(document)
  if (!result.ok) throw new Error(result.problems.map(p => p.text).join(" "))
  return result.value
}

const email = (subject: string, html: string) => ({
  purpose: "marketing",
  subject,
  html: `${html}<p><a href="{{ links.unsubscribe }}">Unsubscribe</a></p>`,
  tracking: { opens: true, clicks: true },
})

/** The welcome journey with a coupon: a mail, a wait for the first order, a look at what the customer did. */
export const welcome = parsed({
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
      config: email(
        "Welcome, {{ profile.first_name | default: 'friend' }}",
        "<p>10 % off your first order: <b>WELCOME10</b></p>",
      ),
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
      config: email("Your 10 % is still waiting", "<p>WELCOME10 ends on Sunday.</p>"),
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
})
