import { type Journey, parseJourney } from "@viaggio/journey-model"

const email = (subject: string) => ({
  purpose: "marketing",
  subject,
  html: `<p>${subject}</p><p><a href="{{ links.unsubscribe }}">Unsubscribe</a></p>`,
  tracking: { opens: true, clicks: true },
})

/** A passage of three seconds: a mail, a delay, a wait that some satisfy, a draw, perhaps a second mail. */
export const passage = ((): Journey => {
  const result = parseJourney({
    format: 1,
    key: "passage",
    name: "Passage",
    settings: { reentry: { mode: "once" } },
    nodes: [
      { id: "start", type: "event-entry", version: 1, config: { event: "Account Created" } },
      { id: "welcome", type: "email", version: 1, config: email("Welcome") },
      { id: "pause", type: "delay", version: 1, config: { for: "PT1S" } },
      {
        id: "order",
        type: "wait-for-event",
        version: 1,
        config: {
          branches: [{ id: "ordered", name: "Ordered", event: "Order Completed" }],
          timeout: "PT2S",
          since: "entry",
        },
      },
      {
        id: "half",
        type: "random-split",
        version: 1,
        config: {
          branches: [
            { id: "a", name: "A", share: 0.5 },
            { id: "b", name: "B", share: 0.5 },
          ],
          stickyTo: "customer",
        },
      },
      { id: "reminder", type: "email", version: 1, config: email("A reminder") },
      { id: "bought", type: "exit", version: 1, config: { reason: "bought" } },
      { id: "reminded", type: "exit", version: 1, config: { reason: "reminded" } },
      { id: "left-alone", type: "exit", version: 1, config: { reason: "left-alone" } },
    ],
    edges: [
      { from: "start", outcome: "next", to: "welcome" },
      { from: "welcome", outcome: "next", to: "pause" },
      { from: "pause", outcome: "next", to: "order" },
      { from: "order", outcome: "ordered", to: "bought" },
      { from: "order", outcome: "timeout", to: "half" },
      { from: "half", outcome: "a", to: "reminder" },
      { from: "half", outcome: "b", to: "left-alone" },
      { from: "reminder", outcome: "next", to: "reminded" },
    ],
  })
  if (!result.ok) throw new Error(result.problems.map(p => p.text).join(" "))
  return result.value
})()
