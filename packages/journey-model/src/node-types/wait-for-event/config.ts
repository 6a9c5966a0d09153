import * as z from "zod"
import { duration, name, whereSchema } from "../../conditions/schema.ts"

export const schema = z.strictObject({
  branches: z.array(
    z.strictObject({
      id: z.string().max(200),
      name: z.string().max(200).exactOptional(),
      event: name,
      where: whereSchema.exactOptional(),
    }),
  ),
  timeout: z.union([z.literal("never"), duration]),
  since: z
    .union([z.literal("arrival"), z.literal("entry"), z.strictObject({ node: z.string().max(200) })])
    .default("arrival"),
})

/**
 * Stays until an event of a branch comes, or the timeout has passed since the arrival. `since` looks back:
 * an event after the entry, or after the latest arrival at another node, counts as if it came on arrival.
 */
export type WaitForEventConfig = z.infer<typeof schema>
