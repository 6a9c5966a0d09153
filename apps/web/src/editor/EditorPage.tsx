import { Loader } from "@mantine/core"
import { useQuery } from "@tanstack/react-query"
import { useApi } from "../app/api.ts"
import { ErrorNote } from "../ui/ErrorNote.tsx"
import { Editor } from "./Editor.tsx"
import classes from "./editor.module.css"

/** Loads one journey's draft and opens the editor on it. */
export default function EditorPage({ journeyKey }: { journeyKey: string }) {
  const api = useApi()
  // The draft on the screen belongs to the session; what is fetched again later only tells of status and version.
  const journey = useQuery(
    api.journeys.get.queryOptions({ key: journeyKey }, { gcTime: 0, refetchOnWindowFocus: false }),
  )
  if (journey.error && !journey.data)
    return (
      <div className={classes.loading}>
        <ErrorNote error={journey.error} onRetry={() => void journey.refetch()} />
      </div>
    )
  if (!journey.data)
    return (
      <div className={classes.loading}>
        <Loader />
      </div>
    )
  return <Editor journeyKey={journeyKey} stored={journey.data} />
}
