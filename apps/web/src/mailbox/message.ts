import type { Outputs } from "../app/api.ts"

/** A message as it is read. */
export type Message = Outputs["messages"]["get"]
