import type { Scalar } from "../values/json.ts"

/** An operand: a scalar or list, or a reference that is looked up when the condition is evaluated. */
export type Operand = Scalar | Scalar[] | { ref: string }

/** What is asked of one value. A missing value or one of the wrong type makes every comparison but `missing` false. */
export type Comparison =
  | { is: "exists" }
  | { is: "missing" }
  | {
      is:
        | "equals"
        | "contains"
        | "starts-with"
        | "ends-with"
        | "greater"
        | "at-least"
        | "less"
        | "at-most"
        | "before"
        | "after"
        | "includes"
      value: Operand
    }
  | { is: "one-of"; value: Scalar[] }
  | { is: "within-last" | "within-next"; value: string }

/** A condition over the properties of one event. */
export type Where =
  | { kind: "all"; of: Where[] }
  | { kind: "any"; of: Where[] }
  | { kind: "not"; of: Where }
  | ({ kind: "property"; path: string } & Comparison)

/** A condition over a customer at an instant. */
export type Condition =
  | { kind: "all"; of: Condition[] }
  | { kind: "any"; of: Condition[] }
  | { kind: "not"; of: Condition }
  | ({ kind: "profile"; path: string } & Comparison)
  | ({ kind: "entry"; path: string } & Comparison)
  | ({ kind: "context"; path: string } & Comparison)
  | {
      kind: "event-count"
      event: string
      where?: Where
      period?: string
      atLeast?: number
      atMost?: number
    }
  | ({ kind: "event-time"; event: string; which: "first" | "last" } & Comparison)
