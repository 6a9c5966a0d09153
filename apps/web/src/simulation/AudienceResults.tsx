import { ActionIcon, Button, Group, Slider, Tooltip } from "@mantine/core"
import { IconPlayerPause, IconPlayerPlay, IconTrendingUp } from "@tabler/icons-react"
import {
  busiestMoment,
  formatInstant,
  instantOf,
  lastMoment,
  messagesPerDay,
  type NotAdmittedReason,
} from "@viaggio/journey-model"
import { useEffect, useMemo, useState } from "react"
import { useTranslation } from "react-i18next"
import { useFormat } from "../app/format.ts"
import { useTotals } from "../live/live-context.ts"
import { sumOf } from "../live/numbers.ts"
import { useNodeWords } from "../node-types/words.ts"
import { useAudience, useAudienceState } from "./audience-context.ts"
import { MembersList } from "./MembersList.tsx"
import { MessagesChart } from "./MessagesChart.tsx"
import classes from "./simulation.module.css"

const playStepMs = 60
/** A whole play takes about ten seconds, whatever the time that it runs through. */
const playSteps = 160

/** What came of a run: the moment that the canvas shows, who is where, messages per day, and where nobody came. */
export function AudienceResults(props: {
  onFocusNode: (node: string) => void
  onWalk: (index: number) => void
}) {
  const { t } = useTranslation("simulation")
  const format = useFormat()
  const audience = useAudience()
  const result = useAudienceState(state => state.result)
  const spec = useAudienceState(state => state.spec)
  const tookMs = useAudienceState(state => state.tookMs)
  const moment = useAudienceState(state => state.moment)
  const perDay = useMemo(() => (result ? messagesPerDay(result) : []), [result])
  if (!result || !spec) return null
  return (
    <div className={classes.results} data-audience-results>
      <Group justify="space-between" gap={6} wrap="nowrap" align="flex-start">
        <p className={classes.past} role="status">
          {t("audience.ran", {
            count: spec.customers,
            seconds: format.number(Math.round(tookMs / 100) / 10),
            seed: format.number(spec.seed),
          })}
        </p>
        <Button size="compact-xs" variant="default" onClick={audience.end} data-audience-again>
          {t("audience.again")}
        </Button>
      </Group>
      <Scrubber />
      <Totals />
      <MembersList onWalk={props.onWalk} />
      {perDay.some(count => count > 0) && (
        <MessagesChart
          perDay={perDay}
          startAt={result.shape.startAt}
          day={Math.floor((instantOf(result, moment) - 1 - result.shape.startAt) / 86_400_000)}
        />
      )}
      <NeverReached onFocusNode={props.onFocusNode} />
    </div>
  )
}

function Scrubber() {
  const { t } = useTranslation("simulation")
  const format = useFormat()
  const audience = useAudience()
  const result = useAudienceState(state => state.result)
  const moment = useAudienceState(state => state.moment)
  const [playing, setPlaying] = useState(false)
  const last = result ? lastMoment(result) : 0
  useEffect(() => {
    if (!playing) return
    const step = Math.max(1, Math.round(last / playSteps))
    const timer = setInterval(() => {
      const { moment: now } = audience.store.getState()
      audience.to(now + step)
      if (now + step >= last) setPlaying(false)
    }, playStepMs)
    return () => clearInterval(timer)
  }, [playing, last, audience])
  if (!result) return null
  const sayMoment = (at: number) => format.dateTime(formatInstant(instantOf(result, at)))
  return (
    <div className={classes.scrubber}>
      <Group gap={6} wrap="nowrap" justify="space-between">
        <b className={classes.moment} data-audience-moment={moment}>
          {sayMoment(moment)}
        </b>
        <Group gap={4} wrap="nowrap">
          <Tooltip label={t("scrubber.busiest")}>
            <ActionIcon
              variant="default"
              aria-label={t("scrubber.busiest")}
              onClick={() => audience.to(busiestMoment(result))}
            >
              <IconTrendingUp size={16} aria-hidden />
            </ActionIcon>
          </Tooltip>
          <ActionIcon
            variant="default"
            aria-label={playing ? t("controls.pause") : t("controls.play")}
            onClick={() => {
              if (!playing && moment >= last) audience.to(0)
              setPlaying(!playing)
            }}
          >
            {playing ? <IconPlayerPause size={16} aria-hidden /> : <IconPlayerPlay size={16} aria-hidden />}
          </ActionIcon>
        </Group>
      </Group>
      <Slider
        thumbLabel={t("scrubber.moment")}
        min={0}
        max={last}
        value={moment}
        label={sayMoment}
        thumbProps={{ "aria-valuetext": sayMoment(moment) }}
        onChange={value => {
          setPlaying(false)
          audience.to(value)
        }}
        data-audience-scrubber
      />
    </div>
  )
}

/** The journey's own counts at the moment. */
function Totals() {
  const { t } = useTranslation("simulation")
  const format = useFormat()
  const totals = useTotals()
  if (!totals) return null
  const figures = [
    ["entered", totals.entered],
    ["inside", totals.inside],
    ["ended", sumOf(totals.ended)],
    ["turnedAway", sumOf(totals.notAdmitted)],
  ] as const
  const reasons = [
    ...Object.entries(totals.ended).sort((a, b) => b[1] - a[1]),
    ...Object.entries(totals.notAdmitted).map(([reason, count]): [string, number] => [
      t(`reasons.${reason as NotAdmittedReason}`),
      count,
    ]),
  ]
  return (
    <dl className={classes.totals}>
      {figures.map(([name, count]) => (
        <div key={name} data-total={name}>
          <dt>{t(`totals.${name}`)}</dt>
          <dd>{format.number(count)}</dd>
        </div>
      ))}
      {reasons.map(([reason, count]) => (
        <div key={reason} className={classes.reason}>
          <dt>{reason}</dt>
          <dd>{format.number(count)}</dd>
        </div>
      ))}
    </dl>
  )
}

function NeverReached({ onFocusNode }: { onFocusNode: (node: string) => void }) {
  const { t } = useTranslation("simulation")
  const words = useNodeWords()
  const never = useAudienceState(state => state.never)
  const journey = useAudienceState(state => state.spec?.journey)
  const nodes = journey?.nodes.filter(node => never.has(node.id)) ?? []
  return (
    <section aria-label={t("never.title")} data-audience-never={nodes.length}>
      <h3 className={classes.subtitle}>{t("never.title")}</h3>
      {nodes.length === 0 ? (
        <p className={classes.past}>{t("never.none")}</p>
      ) : (
        <ul className={classes.never}>
          {nodes.map(node => (
            <li key={node.id}>
              <button type="button" className={classes.pressable} onClick={() => onFocusNode(node.id)}>
                {words.nodeName(node)}
              </button>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
