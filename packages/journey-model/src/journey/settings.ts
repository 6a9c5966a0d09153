import * as z from "zod"
import { duration, durationOrZero, name, whereSchema } from "../conditions/schema.ts"
import { toPointer } from "../values/pointer.ts"
import { type Problem, problem, word } from "../values/problem.ts"
import { safeParse } from "../values/safe-parse.ts"
import type { JourneySettings } from "./document.ts"

const schema: z.ZodType<JourneySettings> = z.strictObject({
  reentry: z.discriminatedUnion("mode", [
    z.strictObject({ mode: z.literal("once") }),
    z.strictObject({ mode: z.literal("after-exit"), cooldown: durationOrZero }),
    z.strictObject({ mode: z.literal("always") }),
  ]),
  goal: z
    .strictObject({ event: name, where: whereSchema.exactOptional(), within: duration, exit: z.boolean() })
    .exactOptional(),
  exitRules: z
    .array(z.strictObject({ id: z.string().max(200), event: name, where: whereSchema.exactOptional() }))
    .exactOptional(),
})

/** What a journey starts with: the same customer comes in once. */
export const defaultSettings: JourneySettings = { reentry: { mode: "once" } }

/** Settings with keys in order; ones that cannot be read stay as they are, with problems. */
export function canonicalSettings(settings: JourneySettings): JourneySettings {
  const parsed = safeParse(schema, settings)
  return parsed.success ? parsed.data : settings
}

/** What is wrong with the settings, and which of them cannot be published yet. */
export function checkSettings(settings: JourneySettings): Problem[] {
  const parsed = safeParse(schema, settings)
  if (!parsed.success) {
    return parsed.error.issues.map(issue =>
      problem("settings-invalid", { at: toPointer(["settings", ...issue.path]) }, { message: issue.message }),
    )
  }
  const { goal, exitRules } = parsed.data
  const found: Problem[] = []
  if (goal) found.push(problem("not-yet", { at: "/settings/goal" }, { feature: word("word.goal") }))
  if (exitRules)
    found.push(problem("not-yet", { at: "/settings/exitRules" }, { feature: word("word.exit-rule") }))
  return found
}
