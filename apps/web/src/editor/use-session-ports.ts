import { useMemo } from "react"
import { isApiError, useApiClient } from "../app/api.ts"
import { realNow } from "../app/now.ts"
import { useWorkspace } from "../app/workspace.ts"
import { browserHistories } from "./session/history-store.ts"
import { layOutInWorker } from "./session/lay-out.ts"
import type { SessionPorts } from "./session/session.ts"

/** Under which name the browser keeps the steps of undo of a journey. */
export const historyName = (workspace: string, journey: string): string => `${workspace}/${journey}`

/** The server and the browser's clock, as the session wants them. */
export function useSessionPorts(key: string): SessionPorts {
  const client = useApiClient()
  const { id: workspace } = useWorkspace()
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
      keepHistory: kept => browserHistories.write(historyName(workspace, key), kept),
      layOut: layOutInWorker,
      after(delayMs, run) {
        const timer = setTimeout(run, delayMs)
        return () => clearTimeout(timer)
      },
    }),
    [client, key, workspace],
  )
}
