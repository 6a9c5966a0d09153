import { Tooltip } from "@mantine/core"
import { IconUser } from "@tabler/icons-react"
import { useTranslation } from "react-i18next"
import { useFormat } from "../app/format.ts"
import classes from "./live.module.css"
import type { NodeStats } from "./live-store.ts"

const sum = (counts: { [name: string]: number }): number =>
  Object.values(counts).reduce((total, count) => total + count, 0)

/** The counts of one node: how many stand here now, and in the tooltip where the others went. */
export function LiveChip(props: {
  stats: NodeStats
  far: boolean
  outcomeName: (outcome: string) => string
}) {
  const { stats, far } = props
  const { t } = useTranslation("live")
  const format = useFormat()
  const left = Object.entries(stats.left)
  const ended = sum(stats.ended)
  const lines = [
    t("entered", { shown: format.number(stats.entered) }),
    t("inside", { shown: format.number(stats.inside) }),
    ...left.map(([outcome, count]) =>
      t("left", { outcome: props.outcomeName(outcome), shown: format.number(count) }),
    ),
    ...(ended > 0 ? [t("ended", { shown: format.number(ended) })] : []),
    ...(stats.failed > 0 ? [t("failed", { shown: format.number(stats.failed) })] : []),
    ...(stats.messages
      ? [
          t("messages", {
            sent: format.number(stats.messages.sent),
            queued: format.number(stats.messages.queued),
            refused: format.number(stats.messages.refused),
          }),
        ]
      : []),
  ]
  return (
    <Tooltip label={<div className={classes.lines}>{lines.join("\n")}</div>} position="right" withArrow>
      <div className={classes.chips} data-far={far || undefined} data-live-chip>
        <span className={classes.chip} data-kind="inside" data-zero={stats.inside === 0 || undefined}>
          <IconUser size={far ? 22 : 11} stroke={2.4} aria-hidden />
          {format.number(stats.inside)}
        </span>
        {!far && (
          <span className={classes.chip} data-kind="entered">
            {t("chip.entered", { shown: format.number(stats.entered) })}
          </span>
        )}
        {!far && ended > 0 && (
          <span className={classes.chip} data-kind="ended">
            {t("chip.ended", { shown: format.number(ended) })}
          </span>
        )}
        {!far && stats.messages && (
          <span className={classes.chip} data-kind="sent">
            {t("chip.sent", { shown: format.number(stats.messages.sent) })}
          </span>
        )}
        {stats.failed > 0 && (
          <span className={classes.chip} data-kind="failed">
            {t("chip.failed", { shown: format.number(stats.failed) })}
          </span>
        )}
      </div>
    </Tooltip>
  )
}
