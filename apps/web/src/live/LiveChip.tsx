import { Tooltip } from "@mantine/core"
import {
  type Icon,
  IconClick,
  IconMailOff,
  IconMailOpened,
  IconMailX,
  IconSend,
  IconUser,
  IconUserMinus,
} from "@tabler/icons-react"
import { useTranslation } from "react-i18next"
import { useFormat } from "../app/format.ts"
import classes from "./live.module.css"
import { useNodeStats } from "./live-context.ts"
import type { NodeStats } from "./live-store.ts"
import { NumberButton } from "./NumberButton.tsx"
import { type MessageState, sumOf } from "./numbers.ts"

type OutcomeName = (outcome: string) => string

/**
 * The counts of one node: how many stand here now, and in the tooltip where the others went. It asks for them
 * itself, so that a card is not drawn again for them. From far away hundreds are in view, with no tooltips.
 */
export function LiveChip(props: { node: string; far: boolean; outcomeName: OutcomeName }) {
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
        {stats.messages ? (
          <MessageChips node={props.node} stats={stats} messages={stats.messages} />
        ) : (
          <PlaceChips node={props.node} stats={stats} />
        )}
        <Failed node={props.node} stats={stats} />
      </div>
    </Tooltip>
  )
}

function FarChips({ stats }: { stats: NodeStats }) {
  const format = useFormat()
  const { t } = useTranslation("live")
  if (stats.inside === 0 && stats.failed === 0) return null
  return (
    <div className={classes.chips} data-far data-live-chip>
      {stats.inside > 0 && (
        <span className={classes.chip} data-kind="inside">
          <IconUser size={22} stroke={2.4} aria-hidden />
          {format.number(stats.inside)}
        </span>
      )}
      {stats.failed > 0 && (
        <span className={classes.chip} data-kind="failed">
          {t("chip.failed", { shown: format.number(stats.failed) })}
        </span>
      )}
    </div>
  )
}

/** Where customers stand or come through. */
function PlaceChips({ node, stats }: { node: string; stats: NodeStats }) {
  const { t } = useTranslation("live")
  const format = useFormat()
  const ended = sumOf(stats.ended)
  return (
    <>
      <NumberButton
        onCard
        asked={{ kind: "inside", node }}
        label={t("inside", { shown: format.number(stats.inside) })}
        className={classes.chip}
        kind="inside"
        zero={stats.inside === 0}
      >
        <IconUser size={11} stroke={2.4} aria-hidden />
        {format.number(stats.inside)}
      </NumberButton>
      <span className={classes.chip} data-kind="entered">
        {t("chip.entered", { shown: format.number(stats.entered) })}
      </span>
      {ended > 0 && (
        <NumberButton
          onCard
          asked={{ kind: "ended", node }}
          label={t("ended", { shown: format.number(ended) })}
          className={classes.chip}
          kind="ended"
        >
          {t("chip.ended", { shown: format.number(ended) })}
        </NumberButton>
      )}
    </>
  )
}

const reactions = {
  sent: IconSend,
  opened: IconMailOpened,
  clicked: IconClick,
  bounced: IconMailX,
  unsubscribed: IconUserMinus,
} as const satisfies { [State in MessageState]?: Icon }
type Reaction = keyof typeof reactions
const reactionNames = Object.keys(reactions) as Reaction[]

/** Nobody stands at a message, so its card leaves the place to what became of the messages. */
function MessageChips(props: {
  node: string
  stats: NodeStats
  messages: NonNullable<NodeStats["messages"]>
}) {
  const { node, stats, messages } = props
  const { t } = useTranslation("live")
  const format = useFormat()
  const suppressed = stats.left.suppressed ?? 0
  return (
    <>
      {reactionNames.map(name => {
        const Icon = reactions[name]
        return (
          <NumberButton
            key={name}
            onCard
            asked={{ kind: "messages", node, state: name }}
            label={t(`reactions.${name}`, { shown: format.number(messages[name]) })}
            className={classes.chip}
            kind={name}
            zero={messages[name] === 0}
          >
            <Icon size={11} stroke={2.2} aria-hidden />
            {format.short(messages[name])}
          </NumberButton>
        )
      })}
      {suppressed > 0 && (
        <NumberButton
          onCard
          asked={{ kind: "outcome", node, outcome: "suppressed" }}
          label={t("chip.suppressed", { shown: format.number(suppressed) })}
          className={classes.chip}
          kind="suppressed"
        >
          <IconMailOff size={11} stroke={2.2} aria-hidden />
          {format.short(suppressed)}
        </NumberButton>
      )}
    </>
  )
}

function Failed({ node, stats }: { node: string; stats: NodeStats }) {
  const { t } = useTranslation("live")
  const format = useFormat()
  // An e-mail that leaves by "failed" is among these.
  if (stats.failed === 0) return null
  return (
    <NumberButton
      onCard
      asked={{ kind: "failed", node }}
      label={t("failed", { shown: format.number(stats.failed) })}
      className={classes.chip}
      kind="failed"
    >
      {stats.messages
        ? `! ${format.short(stats.failed)}`
        : t("chip.failed", { shown: format.number(stats.failed) })}
    </NumberButton>
  )
}

function Lines({ stats, outcomeName }: { stats: NodeStats; outcomeName: OutcomeName }) {
  const { t } = useTranslation("live")
  const format = useFormat()
  const ended = sumOf(stats.ended)
  const { messages } = stats
  const lines = [
    t("entered", { shown: format.number(stats.entered) }),
    t("inside", { shown: format.number(stats.inside) }),
    ...Object.entries(stats.left).map(([outcome, count]) =>
      t("left", { outcome: outcomeName(outcome), shown: format.number(count) }),
    ),
    ...(ended > 0 ? [t("ended", { shown: format.number(ended) })] : []),
    ...(stats.failed > 0 ? [t("failed", { shown: format.number(stats.failed) })] : []),
    ...(messages
      ? (["queued", "refused", ...reactionNames] as const).map(name =>
          t(`reactions.${name}`, { shown: format.number(messages[name]) }),
        )
      : []),
  ]
  return lines.join("\n")
}
