import { parentPort } from "node:worker_threads"
import {
  AudienceCounts,
  type AudienceShape,
  type AudienceSpec,
  audienceShape,
  prepareAudience,
  runAudience,
} from "@viaggio/journey-model"

export type AudiencePart = { spec: AudienceSpec; from: number; to: number }
export type AudiencePartResult = { shape: AudienceShape; cells: Int32Array<ArrayBuffer> }

/** Runs parts of audiences, as the page's worker does. */
parentPort?.on("message", ({ spec, from, to }: AudiencePart) => {
  const audience = prepareAudience(spec)
  if (!audience.ok) throw new Error("the audience does not run")
  const shape = audienceShape(audience.value)
  const counts = new AudienceCounts(audience.value, shape)
  runAudience(audience.value, counts, { from, to })
  const result: AudiencePartResult = { shape, cells: counts.cells }
  parentPort?.postMessage(result, [counts.cells.buffer])
})
