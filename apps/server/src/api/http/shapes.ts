import { z } from "zod"

// Answers of the public API, for its description and to let nothing else out.

const json = z.record(z.string(), z.json())
const counts = z.record(z.string(), z.number())

/** A node by its id, and as people know it: `nodeName` where somebody gave it one. */
const nodeNames = { node: z.string(), nodeType: z.string(), nodeName: z.string().optional() }

export const problemBody = z.object({
  id: z.string(),
  severity: z.enum(["error", "warning", "hint"]),
  node: z.string().optional(),
  outcome: z.string().optional(),
  at: z.string().optional(),
  text: z.string(),
  values: json,
})

const errorBody = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number(),
    detail: z.string(),
    problems: z.array(problemBody).optional(),
    revision: z.number().optional(),
  })
  .describe("RFC 9457 problem details")

/** The error answers of a route, by status. */
export function problems<Status extends number>(...statuses: Status[]): Record<Status, typeof errorBody> {
  return Object.fromEntries(statuses.map(status => [status, errorBody])) as Record<Status, typeof errorBody>
}

export const countsBody = z.object({
  journey: z.string(),
  version: z.union([z.literal("all"), z.number()]),
  at: z.string(),
  totals: z.object({ entered: z.number(), inside: z.number(), ended: counts, notAdmitted: counts }),
  nodes: z.record(
    z.string(),
    z.object({
      entered: z.number(),
      inside: z.number(),
      left: counts,
      ended: counts,
      failed: z.number(),
      messages: counts.optional(),
    }),
  ),
})

export const profileBody = z.object({
  id: z.string(),
  attributes: json,
  values: z.record(
    z.string(),
    z.object({
      at: z.string(),
      source: z.union([
        z.object({
          kind: z.literal("event"),
          name: z.string(),
          messageId: z.string(),
          via: z.string().optional(),
        }),
        z.object({ kind: z.literal("journey") }),
      ]),
    }),
  ),
  consent: z.object({
    email: z.enum(["subscribed", "unsubscribed", "suppressed", "no-address"]),
    reasons: z.array(z.object({ reason: z.string(), at: z.string(), source: z.string() })),
  }),
  identities: z.array(z.object({ kind: z.string(), value: z.string() })),
  inside: z.array(z.object({ journey: z.string(), version: z.number(), ...nodeNames, since: z.string() })),
  merges: z.array(
    z.object({
      other: z.string(),
      state: z.enum(["merged", "under-way", "refused"]),
      because: z.string(),
      at: z.string(),
    }),
  ),
  createdAt: z.string(),
  updatedAt: z.string(),
})

export const timelineBody = z.object({
  items: z.array(z.looseObject({ at: z.string(), kind: z.enum(["event", "step", "message", "merge"]) })),
  next: z.string().optional(),
})

export const messageBody = z.object({
  id: z.string(),
  channel: z.enum(["email", "webhook"]),
  to: z.string(),
  subject: z.string(),
  state: z.enum(["queued", "sent", "refused"]),
  attempts: z.number(),
  error: z.string().optional(),
  reason: z
    .string()
    .optional()
    .describe(
      "provider, bounced, attempts, template, unsubscribed, suppressed, stopped, in-doubt or skipped",
    ),
  doubts: z.number().optional().describe("times that it may have left without anybody noting it"),
  at: z.string(),
  sentAt: z.string().optional(),
  replayedAt: z.string().optional(),
  bouncedAt: z.string().optional(),
  openedAt: z.string().optional(),
  clickedAt: z.string().optional(),
  unsubscribedAt: z.string().optional(),
  journey: z.string(),
  ...nodeNames,
  userId: z.string().nullable(),
  text: z.string(),
  html: z.string(),
})

export const messagesBody = z.object({ items: z.array(messageBody), next: z.string().optional() })

export const suppressionsBody = z.object({
  items: z.array(z.object({ address: z.string(), reason: z.string(), at: z.string(), source: z.string() })),
  next: z.string().optional(),
})

const minuteFigures = {
  sent: z.number(),
  refused: z.number(),
  later: z.number(),
  errors: counts,
  latencyP50Ms: z.number().optional(),
  latencyP95Ms: z.number().optional(),
}

export const providersBody = z.object({
  items: z.array(
    z.object({
      provider: z.string(),
      circuit: z.enum(["closed", "open", "half-open"]),
      queued: z.number(),
      perSecond: z.number().optional(),
      ...minuteFigures,
      inDoubt: z.number(),
      lastError: z.string().optional(),
      lastErrorAt: z.string().optional(),
      minutes: z.array(z.object({ at: z.string(), ...minuteFigures })),
    }),
  ),
})
