export type { Comparison, Condition, Operand, Where } from "./conditions/condition.ts"
export type {
  Because,
  Effect,
  Enrollment,
  EventDigest,
  EventFact,
  Facts,
  NotAdmittedReason,
  Step,
  Stimulus,
  Turn,
} from "./engine/types.ts"
export type { Journey, JourneyEdge, JourneyNode, JourneySettings, Reentry } from "./journey/document.ts"
export type { Json, JsonObject, Scalar } from "./values/json.ts"
export type { Problem, Result, Sentence, Severity } from "./values/problem.ts"
export type { EpochMs } from "./values/time.ts"
