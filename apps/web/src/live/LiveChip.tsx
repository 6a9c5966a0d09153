import { Tooltip } from "@mantine/core"
import { IconMailOff, IconUser } from "@tabler/icons-react"
import { useTranslation } from "react-i18next"
import { useFormat } from "../app/format.ts"
import classes from "./live.module.css"
import { useNodeStats } from "./live-context.ts"
import type { NodeStats } from "./live-store.ts"

const sum = (counts: { [name: string]: number }): number =>
  Object.values(counts).reduce((total, count) => total + count, 0)

/**
 * The counts of one node: how many stand here now, and in the tooltip where the others went. It asks for them
 * itself, so that a card is not drawn again for them. From far away hundreds are in view, with no tooltips.
 */
export function LiveChip(props: { node: string; far: boolean; outcomeName: (outcome: string) => string }) {
  const stats = useNodeStats(props.node)
  if (!stats) return null
  if (props.far) return <FarChips stats={stats} />
  return (
    <Tooltip
      label={<Lines stats={stats} outcomeName={props.outcomeName} />}
      position="right"
      withArrow
      classNames={{ tooltip: classes.lines ?? "" }}
    >
      <div className={classes.chips} data-live-chip>
        <NearChips stats={stats} />
      </div>
    </Tooltip>
  )
}

function FarChips({ stats }: { stats: NodeStats }) {
  const format = useFormat()
  if (stats.inside === 0 && stats.failed === 0) return null
  return (
    <div className={classes.chips} data-far data-live-chip>
      {stats.inside > 0 && (
        <span className={classes.chip} data-kind="inside">
          <IconUser size={22} stroke={2.4} aria-hidden />
          {format.number(stats.inside)}
        </span>
      )}
      <Failed stats={stats} />
    </div>
  )
}

/** Nobody stands at a message, so its card leaves the place to what became of the messages. */
function NearChips({ stats }: { stats: NodeStats }) {
  const { t } = useTranslation("live")
  const format = useFormat()
  const ended = sum(stats.ended)
  const suppressed = stats.left.suppressed ?? 0
  return (
    <>
      {(stats.inside > 0 || !stats.messages) && (
        <span className={classes.chip} data-kind="inside" data-zero={stats.inside === 0 || undefined}>
          <IconUser size={11} stroke={2.4} aria-hidden />
          {format.number(stats.inside)}
        </span>
      )}
      <span className={classes.chip} data-kind="entered">
        {t("chip.entered", { shown: format.number(stats.entered) })}
      </span>
      {ended > 0 && (
        <span className={classes.chip} data-kind="ended">
          {t("chip.ended", { shown: format.number(ended) })}
        </span>
      )}
      {stats.messages && (
        <span className={classes.chip} data-kind="sent">
          {t("chip.sent", { shown: format.number(stats.messages.sent) })}
        </span>
      )}
      {suppressed > 0 && (
        <span
          role="img"
          className={classes.chip}
          data-kind="suppressed"
          aria-label={t("chip.suppressed", { shown: format.number(suppressed) })}
        >
          <IconMailOff size={11} stroke={2.4} aria-hidden />
          {format.number(suppressed)}
        </span>
      )}
      <Failed stats={stats} />
    </>
  )
}

function Failed({ stats }: { stats: NodeStats }) {
  const { t } = useTranslation("live")
  const format = useFormat()
  // An e-mail that leaves by "failed" is among these.
  if (stats.failed === 0) return null
  return (
    <span className={classes.chip} data-kind="failed">
      {t("chip.failed", { shown: format.number(stats.failed) })}
    </span>
  )
}

const reactionNames = ["opened", "clicked", "bounced", "unsubscribed"] as const

/** What became of the messages after they had left, where anything did. */
const reactions = (messages: NonNullable<NodeStats["messages"]>) =>
  reactionNames.flatMap(name => (messages[name] > 0 ? [[name, messages[name]] as const] : []))

function Lines({ stats, outcomeName }: { stats: NodeStats; outcomeName: (outcome: string) => string }) {
  const { t } = useTranslation("live")
  const format = useFormat()
  const ended = sum(stats.ended)
  const lines = [
    t("entered", { shown: format.number(stats.entered) }),
    t("inside", { shown: format.number(stats.inside) }),
    ...Object.entries(stats.left).map(([outcome, count]) =>
      t("left", { outcome: outcomeName(outcome), shown: format.number(count) }),
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
          ...reactions(stats.messages).map(([name, count]) =>
            t(`reactions.${name}`, { shown: format.number(count) }),
          ),
        ]
      : []),
  ]
  return lines.join("\n")
}
