import type { ReactNode } from "react"
import { useTranslation } from "react-i18next"
import { useFormat } from "../app/format.ts"
import { useWorkspace } from "../app/workspace.ts"
import { Instant } from "../ui/Instant.tsx"
import { TextLink } from "../ui/links.tsx"
import classes from "./Figures.module.css"
import type { Status } from "./status.ts"

/** The installation in seven numbers. */
export function Figures({ status }: { status: Status }) {
  const { t } = useTranslation("status")
  const format = useFormat()
  const workspace = useWorkspace()
  const { workers, buckets, events, timers, providers, deadLetters, merging, counters } = status
  const onTheirWay = providers.reduce((sum, provider) => sum + provider.queued, 0)
  const oldest = providers
    .flatMap(provider => (provider.queued > 0 && provider.oldestAt ? [provider.oldestAt] : []))
    .sort()[0]
  return (
    <dl className={classes.root}>
      <Figure label={t("figures.workers")} value={format.number(workers.length)}>
        {t("figures.bucketsOwned", { owned: buckets.owned, all: buckets.all })}
      </Figure>
      <Figure label={t("figures.events")} value={format.number(events.behind)}>
        {events.since ? (
          <>
            {t("figures.own", { shown: format.number(events.own) })} · {t("since")}{" "}
            <Instant at={events.since} show="time" />
          </>
        ) : (
          t("figures.none")
        )}
      </Figure>
      <Figure label={t("figures.timers")} value={format.number(timers.due)}>
        {timers.since ? (
          <>
            {t("since")} <Instant at={timers.since} />
          </>
        ) : (
          t("figures.none")
        )}
      </Figure>
      <Figure label={t("figures.messages")} value={format.number(onTheirWay)}>
        {oldest ? (
          <>
            {t("since")} <Instant at={oldest} />
          </>
        ) : (
          t("figures.none")
        )}
      </Figure>
      <Figure label={t("figures.letters")} value={format.number(deadLetters)}>
        {deadLetters > 0 ? (
          <TextLink
            to="/w/$workspace/mailbox"
            params={{ workspace: workspace.id }}
            search={{ state: "refused" }}
            size="xs"
          >
            {t("figures.lettersOpen")}
          </TextLink>
        ) : (
          t("figures.none")
        )}
      </Figure>
      <Figure label={t("figures.merging")} value={format.number(merging.merges)}>
        {t("figures.mail", { shown: format.number(merging.mail) })}
      </Figure>
      <Figure
        label={t("figures.counters")}
        value={
          !counters
            ? "–"
            : counters.differences === 0
              ? t("figures.countersRight")
              : t("figures.countersWrong", { count: counters.differences })
        }
      >
        {counters ? <Instant at={counters.at} show="time" /> : t("figures.countersNever")}
      </Figure>
    </dl>
  )
}

function Figure({ label, value, children }: { label: string; value: string; children: ReactNode }) {
  return (
    <div className={classes.figure}>
      <dt>{label}</dt>
      <dd className={classes.value}>{value}</dd>
      <dd className={classes.under}>{children}</dd>
    </div>
  )
}
