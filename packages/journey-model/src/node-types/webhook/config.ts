import * as z from "zod"
import { duration } from "../../conditions/schema.ts"
import type { Json } from "../../values/json.ts"

export const webhookMethods = ["POST", "PUT", "PATCH", "DELETE", "GET"] as const

export const schema = z.strictObject({
  method: z.enum(webhookMethods).default("POST"),
  url: z.string().max(2000),
  headers: z.record(z.string().max(200), z.string().max(4000)).default({}),
  body: (z.json() as z.ZodType<Json>).exactOptional(),
  timeout: duration.default("PT10S"),
  attempts: z.number().int().default(5),
  save: z
    .array(z.strictObject({ from: z.string().max(1000), to: z.string().max(200) }))
    .max(50)
    .default([]),
})

/**
 * One call to somebody else's service. `body`: JSON whose strings are templates; `save`: JSON Pointer into the
 * answer, and the name in the context under which that value is kept.
 */
export type WebhookConfig = z.infer<typeof schema>

export const mostAttempts = 20
export const longestTimeoutMs = 60_000
