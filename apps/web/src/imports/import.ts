import type { Outputs } from "../app/api.ts"

export type ImportView = Outputs["imports"]["get"]
export type ImportPreview = Outputs["imports"]["preview"]
export type ImportMapping = NonNullable<ImportView["mapping"]>
export type ImportTarget = ImportMapping["columns"][number]
export type ImportCounts = NonNullable<ImportView["checked"]>
export type ImportProblem = Outputs["imports"]["rejects"]["items"][number]["problem"]
/** How the file itself is read. */
export type Reading = Pick<ImportPreview, "delimiter" | "encoding">

/** Whether the server is at work on it, so that what it shows is out of date in a second. */
export const isRunning = ({ state }: Pick<ImportView, "state">): boolean =>
  state === "checking" || state === "importing"

/** The most that the server takes. */
export const limits = { megabytes: 100, rows: 1_000_000 } as const
