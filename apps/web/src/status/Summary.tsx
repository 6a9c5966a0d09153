import { IconAlertTriangle, IconCircleCheck } from "@tabler/icons-react"
import { useTranslation } from "react-i18next"
import { useFormat } from "../app/format.ts"
import { Instant } from "../ui/Instant.tsx"
import classes from "./Summary.module.css"
import type { Status } from "./status.ts"

type Problem = Status["problems"][number]

/** All is well, or what is not: each with its number, since when, and what the other side says. */
export function Summary({ problems }: { problems: Problem[] }) {
  const { t } = useTranslation("status")
  const isWell = problems.length === 0
  return (
    <section className={classes.root} data-tone={isWell ? "well" : "troubled"} aria-live="polite">
      <div className={classes.icon}>
        {isWell ? (
          <IconCircleCheck size={26} stroke={1.6} aria-hidden />
        ) : (
          <IconAlertTriangle size={26} stroke={1.6} aria-hidden />
        )}
      </div>
      <div className={classes.body}>
        <h2 className={classes.title}>
          {isWell ? t("well.title") : t("troubled.title", { count: problems.length })}
        </h2>
        <p className={classes.text}>{isWell ? t("well.text") : t("troubled.text")}</p>
        {!isWell && (
          <ul className={classes.list} aria-label={t("problems.label")}>
            {problems.map(problem => (
              <ProblemItem
                key={"provider" in problem ? `${problem.kind} ${problem.provider}` : problem.kind}
                problem={problem}
              />
            ))}
          </ul>
        )}
      </div>
    </section>
  )
}

function ProblemItem({ problem }: { problem: Problem }) {
  const { t } = useTranslation("status")
  const sentence = useProblemSentence()
  return (
    <li>
      <span>{sentence(problem)}</span>
      {"since" in problem && problem.since && (
        <span className={classes.since}>
          {t("since")} <Instant at={problem.since} />
        </span>
      )}
      {"error" in problem && problem.error && (
        <span className={classes.says}>
          {t("says")} <code>{problem.error}</code>
        </span>
      )}
    </li>
  )
}

function useProblemSentence(): (problem: Problem) => string {
  const { t } = useTranslation("status")
  const format = useFormat()
  const counted = (count: number) => ({ count, shown: format.number(count) })
  return problem => {
    switch (problem.kind) {
      case "ownerless":
      case "batches-failing":
        return t(`problems.${problem.kind}`, { count: problem.buckets })
      case "events-behind":
        return t("problems.events-behind", counted(problem.events))
      case "timers-late":
        return t("problems.timers-late", counted(problem.timers))
      case "provider-open":
      case "outbox-behind":
        return t(`problems.${problem.kind}`, { ...counted(problem.queued), provider: problem.provider })
      case "set-aside":
        return t("problems.set-aside", counted(problem.customers))
      case "counters-differ":
        return t("problems.counters-differ", counted(problem.differences))
      case "default-partition":
        return t("problems.default-partition", { tables: format.and(problem.tables) })
      case "held":
      case "no-workers":
      case "journal-failing":
      case "counters-unchecked":
      case "not-listening":
        return t(`problems.${problem.kind}`)
    }
  }
}
