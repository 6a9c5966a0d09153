import { Skeleton } from "@mantine/core"
import { IconCircleCheck, IconCircleDashed } from "@tabler/icons-react"
import { useQuery } from "@tanstack/react-query"
import type { TemplateNeeds } from "@viaggio/journey-model"
import { useTranslation } from "react-i18next"
import { useApi } from "../app/api.ts"
import classes from "./templates.module.css"

/** The events and attributes that a template reads, each with whether this workspace has seen it. */
export function Needs({ needs }: { needs: TemplateNeeds }) {
  const { t } = useTranslation("templates")
  const api = useApi()
  const seen = useQuery(api.catalogue.list.queryOptions())
  if (seen.isPending) return <Skeleton height={120} />
  // What was seen only helps to choose: without it the list of needs is still true.
  const events = new Map(seen.data?.events.map(({ name, count }) => [name, count]))
  const attributes = new Set(seen.data?.attributes.map(({ path }) => path))
  const eventNames = Object.keys(needs.events)
  const attributeNames = Object.keys(needs.attributes)
  const areAllSeen =
    eventNames.every(name => events.has(name)) && attributeNames.every(name => attributes.has(name))
  return (
    <div className={classes.needs}>
      <h3>{t("needs.events")}</h3>
      <ul>
        {eventNames.map(name => {
          const count = events.get(name)
          return (
            <Need key={name} name={name} seen={count !== undefined}>
              {count === undefined ? t("needs.unseen") : t("needs.seenTimes", { count })}
            </Need>
          )
        })}
      </ul>
      {attributeNames.length > 0 && (
        <>
          <h3>{t("needs.attributes")}</h3>
          <ul>
            {attributeNames.map(name => (
              <Need key={name} name={name} seen={attributes.has(name)}>
                {t(attributes.has(name) ? "needs.seen" : "needs.unseen")}
              </Need>
            ))}
          </ul>
        </>
      )}
      {!areAllSeen && <p>{t("needs.later")}</p>}
    </div>
  )
}

function Need({ name, seen, children }: { name: string; seen: boolean; children: string }) {
  const SeenIcon = seen ? IconCircleCheck : IconCircleDashed
  return (
    <li data-seen={seen}>
      <SeenIcon size={16} stroke={1.8} aria-hidden />
      <span>{name}</span>
      <span className={classes.state}>{children}</span>
    </li>
  )
}
