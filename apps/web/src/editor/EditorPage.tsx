import { Loader } from "@mantine/core"
import { useQuery } from "@tanstack/react-query"
import { useApi } from "../app/api.ts"
import { useWorkspace } from "../app/workspace.ts"
import { ErrorNote } from "../ui/ErrorNote.tsx"
import { Editor } from "./Editor.tsx"
import classes from "./editor.module.css"
import { browserHistories } from "./session/history-store.ts"
import { historyName } from "./use-session-ports.ts"

/** Loads one journey's draft and opens the editor on it. */
export default function EditorPage({ journeyKey, node }: { journeyKey: string; node: string | undefined }) {
  const api = useApi()
  const workspace = useWorkspace()
  const kept = useQuery({
    queryKey: ["history", workspace.id, journeyKey],
    queryFn: async () => (await browserHistories.read(historyName(workspace.id, journeyKey))) ?? null,
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  })
  // The draft on the screen belongs to the session; what is fetched again later only tells of status and version.
  const journey = useQuery(
    api.journeys.get.queryOptions(
      { key: journeyKey },
      { gcTime: 0, refetchOnWindowFocus: false, refetchOnMount: "always" },
    ),
  )
  if (journey.error && !journey.data)
    return (
      <div className={classes.loading}>
        <ErrorNote error={journey.error} onRetry={() => void journey.refetch()} />
      </div>
    )
  // Another page may have left an older draft in the cache; a session on that would end in a conflict.
  if (!journey.data || !journey.isFetchedAfterMount || kept.data === undefined)
    return (
      <div className={classes.loading}>
        <Loader />
      </div>
    )
  return <Editor journeyKey={journeyKey} stored={journey.data} kept={kept.data ?? undefined} node={node} />
}
