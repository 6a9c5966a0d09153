import { useDebouncedValue } from "@mantine/hooks"
import { keepPreviousData, useQuery } from "@tanstack/react-query"
import { type Condition, conditionSchema } from "@viaggio/journey-model"
import { Fragment } from "react"
import { useTranslation } from "react-i18next"
import { useApi } from "../../app/api.ts"
import { useFormat } from "../../app/format.ts"
import { useWorkspace } from "../../app/workspace.ts"
import { TextLink } from "../../ui/links.tsx"
import classes from "./conditions.module.css"

const calmMs = 400
const staleMs = 15_000

/** How many customers a condition holds for now, and a few of them; it follows what is typed. */
export function MatchingNow({ condition }: { condition: Condition }) {
  const { t } = useTranslation("editor")
  const api = useApi()
  const format = useFormat()
  const { id: workspace } = useWorkspace()
  const [asked] = useDebouncedValue(condition, calmMs)
  const found = useQuery(
    api.customers.count.queryOptions(
      { condition: asked },
      {
        enabled: conditionSchema.safeParse(asked).success,
        placeholderData: keepPreviousData,
        staleTime: staleMs,
        retry: false,
      },
    ),
  )
  const { data } = found
  // The form says what is wrong with the condition; a number that cannot be had is no reason to stop.
  if (!data || found.isError) return <p className={classes.matching} data-matching="none" />
  if (data.count === null)
    return (
      <p className={classes.matching} data-matching="open">
        {t("conditions.matching.open")}
      </p>
    )
  const { count, of, estimate, sample } = data
  return (
    <p className={classes.matching} data-matching={count} data-waiting={found.isPlaceholderData || undefined}>
      {t(estimate ? "conditions.matching.about" : "conditions.matching.exact", {
        count,
        shown: format.number(count),
        of: format.number(of),
        share: format.percent(of === 0 ? 0 : count / of),
      })}
      {sample.map((customer, index) => (
        <Fragment key={customer.id}>
          {index === 0 ? ": " : ", "}
          <TextLink to="/w/$workspace/customers/$id" params={{ workspace, id: customer.id }} size="xs">
            {customer.name ?? customer.email ?? customer.userId ?? customer.id}
          </TextLink>
        </Fragment>
      ))}
      {sample.length > 0 && count > sample.length && " …"}
    </p>
  )
}
