import * as z from "zod"
import { emptyNeeds } from "../../conditions/needs.ts"
import { isId } from "../../values/ids.ts"
import { problem, sentence } from "../../values/problem.ts"
import { defineNodeType, Family } from "../definition.ts"

const schema = z.strictObject({ reason: z.string().max(200) })

/** `{ reason: "bought" }`: the enrollment ends here; each reason is a line of the statistics. */
export type ExitConfig = z.infer<typeof schema>

/** Reasons that the engine gives by itself, so that no exit can be mistaken for them. */
const reservedReasons = new Set(["goal", "exit-rule", "stopped", "merged", "engine-error", "end-of-path"])

export const exit = defineNodeType<"exit", ExitConfig, never>({
  type: "exit",
  version: 1,
  family: Family.exit,
  waits: false,
  schema,
  defaults: () => ({ reason: "done" }),
  outcomes: () => [],
  describe: config => sentence("node.exit", { reason: config.reason }),
  check: ({ reason }, { node }) => {
    const place = { node, at: "/reason" }
    if (!isId(reason)) return [problem("exit-reason-invalid", place, { reason })]
    return reservedReasons.has(reason) ? [problem("exit-reason-reserved", place, { reason })] : []
  },
  needs: emptyNeeds,
  listens: () => [],
  passages: () => [],
  decide: config => {
    const end = { kind: "end", reason: config.reason } as const
    return () => end
  },
})
