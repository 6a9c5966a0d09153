import { useMemo } from "react"
import { isApiError, useApiClient } from "../app/api.ts"
import { realNow } from "../app/now.ts"
import type { SessionPorts } from "./session/session.ts"

/** The server and the browser's clock, as the session wants them. */
export function useSessionPorts(key: string): SessionPorts {
  const client = useApiClient()
  return useMemo(
    () => ({
      async save(document, revision) {
        try {
          const saved = await client.journeys.save.mutate({ key, document, revision })
          return { kind: "saved", revision: saved.revision, savedAt: Date.parse(saved.savedAt) }
        } catch (error) {
          if (!isApiError(error) || error.data?.code !== "CONFLICT") throw error
          const theirs = await client.journeys.get.query({ key })
          return { kind: "conflict", theirs: { document: theirs.document, revision: theirs.revision } }
        }
      },
      now: realNow,
      after(delayMs, run) {
        const timer = setTimeout(run, delayMs)
        return () => clearTimeout(timer)
      },
    }),
    [client, key],
  )
}
