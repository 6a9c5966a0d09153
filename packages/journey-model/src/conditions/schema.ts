import * as z from "zod"
import { longestDurationMs, parseDuration } from "../values/duration.ts"
import type { Condition, Where } from "./condition.ts"

const durationSchema = (shortestMs: number) =>
  z.string().refine(
    text => {
      const ms = parseDuration(text)
      return ms !== undefined && ms >= shortestMs && ms <= longestDurationMs
    },
    { message: "a duration such as P3D or PT1H30M, at most P730D, is needed" },
  )

/** A duration of a document, one second to 730 days. */
export const duration = durationSchema(1000)

/** A duration that may also be `PT0S`. */
export const durationOrZero = durationSchema(0)

/** An event, attribute or property name, kept as it is; empty while nothing is chosen, which the check says. */
export const name = z.string().max(200)

const path = z.string().max(1000)
const scalar = z.union([z.string().max(10_000), z.number().overwrite(value => value + 0), z.boolean()])
/** A scalar, a list of them, or a reference. */
export const operand = z.union([
  scalar,
  z.array(scalar).max(1000),
  z.strictObject({ ref: z.string().max(1000) }),
])
const present = z.enum(["exists", "missing"])
const withOperand = z.enum([
  "equals",
  "contains",
  "starts-with",
  "ends-with",
  "greater",
  "at-least",
  "less",
  "at-most",
  "before",
  "after",
  "includes",
])
const within = z.enum(["within-last", "within-next"])

const leaf = <Shape extends z.core.$ZodLooseShape>(shape: Shape) =>
  z.discriminatedUnion("is", [
    z.strictObject({ ...shape, is: present }),
    z.strictObject({ ...shape, is: withOperand, value: operand }),
    z.strictObject({ ...shape, is: z.literal("one-of"), value: z.array(scalar).max(1000) }),
    z.strictObject({ ...shape, is: within, value: duration }),
  ])

/** A condition over the properties of one event; keys come out in the order of the type. */
export const whereSchema: z.ZodType<Where> = z.lazy(() =>
  z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("all"), of: z.array(whereSchema).max(1000) }),
    z.strictObject({ kind: z.literal("any"), of: z.array(whereSchema).max(1000) }),
    z.strictObject({ kind: z.literal("not"), of: whereSchema }),
    leaf({ kind: z.literal("property"), path }),
  ]),
) as z.ZodType<Where>

const count = z.number().int().min(0)

/** A condition over a customer; keys come out in the order of the type. */
export const conditionSchema: z.ZodType<Condition> = z.lazy(() =>
  z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("all"), of: z.array(conditionSchema).max(1000) }),
    z.strictObject({ kind: z.literal("any"), of: z.array(conditionSchema).max(1000) }),
    z.strictObject({ kind: z.literal("not"), of: conditionSchema }),
    leaf({ kind: z.literal("profile"), path }),
    leaf({ kind: z.literal("entry"), path }),
    leaf({ kind: z.literal("context"), path }),
    z.strictObject({
      kind: z.literal("event-count"),
      event: name,
      where: whereSchema.exactOptional(),
      period: z.union([z.literal("since-entry"), duration]).exactOptional(),
      atLeast: count.exactOptional(),
      atMost: count.exactOptional(),
    }),
    leaf({ kind: z.literal("event-time"), event: name, which: z.enum(["first", "last"]) }),
  ]),
) as z.ZodType<Condition>
