import { useTranslation } from "react-i18next"
import { useFormat } from "../app/format.ts"
import classes from "./live.module.css"
import { useNodeStats } from "./live-context.ts"
import { NumberButton } from "./NumberButton.tsx"
import { messageStates, type NumberAsked } from "./numbers.ts"

/**
 * All numbers of one node while the live view is on, in words. Each opens the list of the customers behind it, but for
 * who came: they are in the other numbers.
 */
export function NodeResults(props: { node: string; outcomeName: (outcome: string) => string }) {
  const { node, outcomeName } = props
  const { t } = useTranslation("live")
  const format = useFormat()
  const stats = useNodeStats(node)
  if (!stats) return null
  const { messages } = stats
  const lines: { asked?: NumberAsked; words: (shown: string) => string; count: number }[] = [
    { words: (shown: string) => t("entered", { shown }), count: stats.entered },
    { asked: { kind: "inside", node }, words: shown => t("inside", { shown }), count: stats.inside },
    ...Object.entries(stats.left).map(([outcome, count]) => ({
      asked: { kind: "outcome" as const, node, outcome },
      words: (shown: string) => t("left", { outcome: outcomeName(outcome), shown }),
      count,
    })),
    ...Object.entries(stats.ended).map(([reason, count]) => ({
      asked: { kind: "ended" as const, node, reason },
      words: (shown: string) => t("endedBy", { reason, shown }),
      count,
    })),
    ...(stats.failed > 0
      ? [
          {
            asked: { kind: "failed" as const, node },
            words: (shown: string) => t("failed", { shown }),
            count: stats.failed,
          },
        ]
      : []),
    ...(messages
      ? messageStates.map(state => ({
          asked: { kind: "messages" as const, node, state },
          words: (shown: string) => t(`reactions.${state}`, { shown }),
          count: messages[state],
        }))
      : []),
  ]
  return (
    <section className={classes.results} aria-label={t("results")} data-results>
      <h3 className={classes.resultsTitle}>{t("results")}</h3>
      <ul>
        {lines.map(({ asked, words, count }) => (
          <li key={JSON.stringify(asked ?? null)}>
            {asked && count > 0 ? (
              <NumberButton asked={asked} label={words(format.number(count))}>
                {words(format.number(count))}
              </NumberButton>
            ) : (
              <span className={count === 0 ? classes.none : undefined}>{words(format.number(count))}</span>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}
