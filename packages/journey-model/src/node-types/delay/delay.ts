import * as z from "zod"
import { describeDuration } from "../../conditions/describe.ts"
import { emptyNeeds } from "../../conditions/needs.ts"
import { duration } from "../../conditions/schema.ts"
import { parseDuration } from "../../values/duration.ts"
import { sentence } from "../../values/problem.ts"
import { type Decision, defineNodeType, Family } from "../definition.ts"

const schema = z.strictObject({ for: duration })

/** `{ for: "P3D" }`: everybody stays exactly that long. */
export type DelayConfig = z.infer<typeof schema>

const leave: Decision<"next"> = { kind: "leave", outcome: "next" }

export const delay = defineNodeType({
  type: "delay",
  version: 1,
  family: Family.wait,
  waits: true,
  schema,
  defaults: (): DelayConfig => ({ for: "P1D" }),
  outcomes: () => ["next"] as const,
  describe: config => sentence("node.delay", { duration: describeDuration(config.for) }),
  check: () => [],
  needs: emptyNeeds,
  listens: () => [],
  passages: () => [],
  decide: config => {
    const forMs = parseDuration(config.for) ?? 0
    return moment =>
      moment.cause === "arrived"
        ? { kind: "park", wakeAt: moment.base + forMs }
        : moment.cause === "time"
          ? leave
          : { kind: "park", ...(moment.wakeAt === undefined ? {} : { wakeAt: moment.wakeAt }) }
  },
})
