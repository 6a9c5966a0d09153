import { useMemo } from "react"
import type { AudienceSource } from "../simulation/learned.ts"

/** What the workspace knows for the preview with an audience. */
export function useAudienceSource(): AudienceSource {
  return useMemo(
    () => ({ rates: undefined, sampled: undefined, sampleFailed: true, onSample: () => undefined }),
    [],
  )
}
