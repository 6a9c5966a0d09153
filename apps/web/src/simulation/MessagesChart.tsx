import type { EpochMs } from "@viaggio/journey-model"
import { useTranslation } from "react-i18next"
import { useFormat } from "../app/format.ts"
import classes from "./simulation.module.css"

const dayMs = 86_400_000
const height = 64

/** Messages sent on each simulated day, as bars; the day on which the scrubber stands is marked. */
export function MessagesChart(props: { perDay: readonly number[]; startAt: EpochMs; day: number }) {
  const { perDay, startAt, day } = props
  const { t } = useTranslation("simulation")
  const format = useFormat()
  const most = Math.max(1, ...perDay)
  const busiest = perDay.indexOf(most)
  const total = perDay.reduce((sum, count) => sum + count, 0)
  const dayOf = (index: number) => format.date(startAt + index * dayMs)
  const said = t("chart.said", {
    total: format.number(total),
    most: format.number(most),
    day: dayOf(busiest),
  })
  return (
    <figure className={classes.chart}>
      <figcaption className={classes.subtitle}>{t("chart.title")}</figcaption>
      <svg
        viewBox={`0 0 ${perDay.length} ${height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={said}
        data-audience-chart
      >
        {perDay.map((count, index) => {
          const tall = count === 0 ? 0 : Math.max(1, (count / most) * height)
          return (
            <rect
              // biome-ignore lint/suspicious/noArrayIndexKey: a day is its place
              key={index}
              x={index + 0.1}
              y={height - tall}
              width={0.8}
              height={tall}
              data-now={index === day || undefined}
            >
              <title>{t("chart.bar", { day: dayOf(index), shown: format.number(count) })}</title>
            </rect>
          )
        })}
      </svg>
      <div className={classes.axis} aria-hidden>
        <span>{dayOf(0)}</span>
        <span>{t("chart.most", { shown: format.number(most) })}</span>
        <span>{dayOf(perDay.length - 1)}</span>
      </div>
    </figure>
  )
}
