import { Text } from "@mantine/core"
import { useQuery } from "@tanstack/react-query"
import { useTranslation } from "react-i18next"
import { useApi, useApiClient } from "../app/api.ts"
import { useFormat } from "../app/format.ts"
import { ErrorNote } from "../ui/ErrorNote.tsx"
import { Panel } from "../ui/Panel.tsx"
import classes from "./publish.module.css"

const reasons = ["where", "audience", "reentry"] as const

/** Whom the draft would have let in over the last 30 days, out of the events that were seen, and why not the others. */
export function LetIn({ journey, revision }: { journey: string; revision: number }) {
  const { t } = useTranslation("publish")
  const api = useApi()
  const format = useFormat()
  const client = useApiClient()
  const impact = useQuery({
    // Of another draft the answer is another one.
    queryKey: [...api.journeys.impact.queryKey({ key: journey }), revision],
    queryFn: () => client.journeys.impact.query({ key: journey }),
  })
  const { data } = impact
  if (impact.error)
    return (
      <Panel title={t("letIn.title")}>
        <ErrorNote error={impact.error} onRetry={() => void impact.refetch()} />
      </Panel>
    )
  if (!data)
    return (
      <Panel title={t("letIn.title")}>
        <Text size="sm" c="dimmed" role="status">
          {t("letIn.counting")}
        </Text>
      </Panel>
    )
  if (data.event === null)
    return (
      <Panel title={t("letIn.title")}>
        <Text size="sm">{t("letIn.blocked")}</Text>
      </Panel>
    )
  const { wouldEnter, turnedAway } = data
  const away = reasons.filter(reason => turnedAway[reason] > 0)
  return (
    <Panel title={t("letIn.title")}>
      <p className={classes.letIn} data-let-in={wouldEnter.customers}>
        {data.events === 0
          ? t("letIn.none", { event: data.event, days: data.days })
          : t(data.estimate ? "letIn.about" : "letIn.exact", {
              count: wouldEnter.customers,
              shown: format.number(wouldEnter.customers),
              event: data.event,
              events: format.number(data.events),
              customers: format.number(data.customers),
              days: data.days,
            })}
      </p>
      {away.length > 0 && (
        <ul className={classes.away}>
          {away.map(reason => (
            <li key={reason}>
              {t(`letIn.away.${reason}`, {
                count: turnedAway[reason],
                shown: format.number(turnedAway[reason]),
              })}
            </li>
          ))}
        </ul>
      )}
    </Panel>
  )
}
