import type { Outputs } from "../app/api.ts"

/** The whole installation at one moment, as the server tells it. */
export type Status = Outputs["status"]["get"]
