import { parseDuration, parseInstant } from "@viaggio/journey-model"
import { z } from "zod"
import { longestPassword, shortestPassword } from "../auth/sign-in.ts"
import { Refusal } from "../refusal.ts"

/** RFC 3339 text ↔ milliseconds since 1970. */
export const instantInput = z.string().transform((text, context) => {
  const at = parseInstant(text)
  if (at !== undefined) return at
  context.addIssue("is no instant such as 2026-11-21T18:44:00.000Z")
  return z.NEVER
})

/** The same, left as text. */
export const instantText = z
  .string()
  .refine(text => parseInstant(text) !== undefined, "is no instant such as 2026-11-21T18:44:00.000Z")

/** The secret of a link. */
export const tokenInput = z.string().min(1).max(200)
/** A password that somebody chooses. */
export const passwordInput = z.string().min(shortestPassword).max(longestPassword)

export const keyInput = z
  .string()
  .regex(
    /^[a-z][a-z0-9_-]{0,62}$/,
    "is no journey key: lower-case letters, digits, - and _, a letter first, at most 63",
  )
export const versionInput = z.union([z.literal("all"), z.coerce.number().int().min(1)])
export const limitInput = z.coerce.number().int().min(1).max(200)
/** Which page of a list: from the cursor that the last one gave. */
export const pageFields = { before: z.string().max(500).optional(), limit: limitInput.optional() }
export const messageStateInput = z.enum(["queued", "sent", "refused"])

export const addressInput = z.string().trim().min(3).max(320)
/** How a refused message is sent once more. */
export const replayFields = {
  to: addressInput.optional(),
  template: z.enum(["same", "current"]).default("same"),
}

/** `{ to }` an instant or `{ by }` a duration, exactly one of them. */
export const advanceInput = z
  .strictObject({ to: z.string().optional(), by: z.string().optional() })
  .refine(({ to, by }) => (to === undefined) !== (by === undefined), 'needs either "to" or "by", one of them')

/** The instant that an advance asks for; a date or duration that is none is refused. */
export function targetOf(input: z.output<typeof advanceInput>, now: number): number {
  if (input.to !== undefined) {
    const to = parseInstant(input.to)
    if (to === undefined)
      throw new Refusal("invalid", `“${input.to}” is no instant such as 2026-11-21T18:44:00.000Z.`)
    return to
  }
  const by = parseDuration(input.by ?? "")
  if (by === undefined) throw new Refusal("invalid", `“${input.by}” is no duration such as P3D or PT12H.`)
  return now + by
}

/** How many customers a minute go on after a pause. */
export const perMinuteInput = z.number().int().min(1).max(10_000_000)
