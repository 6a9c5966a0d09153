import { IconTimeline } from "@tabler/icons-react"
import { useTranslation } from "react-i18next"
import { useApi, useApiClient } from "../app/api.ts"
import { useFormat } from "../app/format.ts"
import { usePages } from "../app/pages.ts"
import { EmptyState } from "../ui/EmptyState.tsx"
import { ErrorNote } from "../ui/ErrorNote.tsx"
import { MoreButton } from "../ui/MoreButton.tsx"
import { Panel } from "../ui/Panel.tsx"
import { TableSkeleton } from "../ui/TableSkeleton.tsx"
import classes from "./Timeline.module.css"
import { TimelineEntry } from "./TimelineEntry.tsx"

const pageSize = 50

/** What the customer did and got, newest first, under the days of the workspace's zone. */
export function Timeline({ id }: { id: string }) {
  const { t } = useTranslation("customers")
  const format = useFormat()
  const api = useApi()
  const client = useApiClient()
  const timeline = usePages({
    queryKey: api.customers.timeline.queryKey({ id, limit: pageSize }),
    load: page => client.customers.timeline.query({ id, limit: pageSize, ...page }),
    everyMs: 10_000,
  })
  const { items } = timeline
  return (
    <Panel title={t("timeline.title")} flush>
      {timeline.isPending ? (
        <TableSkeleton rows={6} />
      ) : timeline.error ? (
        <ErrorNote inset error={timeline.error} onRetry={timeline.refetch} />
      ) : items.length === 0 ? (
        <EmptyState
          icon={IconTimeline}
          heading={3}
          title={t("timeline.none.title")}
          text={t("timeline.none.text")}
        />
      ) : (
        <ol className={classes.root}>
          {items.map((item, index) => {
            const day = format.date(item.at)
            const above = items[index - 1]
            const newDay = !above || format.date(above.at) !== day
            return (
              // biome-ignore lint/suspicious/noArrayIndexKey: items of one instant have no id of their own
              <li key={`${item.at} ${item.kind} ${index}`}>
                {newDay && <h3 className={classes.day}>{day}</h3>}
                <TimelineEntry item={item} />
              </li>
            )
          })}
        </ol>
      )}
      <MoreButton pages={timeline} />
    </Panel>
  )
}
