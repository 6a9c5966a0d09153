import { ActionIcon, Button, Group, Tooltip } from "@mantine/core"
import {
  IconPlayerPause,
  IconPlayerPlay,
  IconPlayerSkipForward,
  IconPlayerTrackNext,
  IconRefresh,
} from "@tabler/icons-react"
import { defaultStub, type EpochMs, type Journey, type JsonObject, NodeType } from "@viaggio/journey-model"
import { useEffect, useState } from "react"
import { useTranslation } from "react-i18next"
import { useFormat } from "../app/format.ts"
import { useSentence } from "../app/sentence.ts"
import { SendEvent } from "./SendEvent.tsx"
import { StubChoice } from "./StubChoice.tsx"
import classes from "./simulation.module.css"
import { WalkLog } from "./WalkLog.tsx"
import { type Customers, WalkSetup } from "./WalkSetup.tsx"
import { useWalkState, useWalkStore } from "./walk-context.ts"

const playStepMs = 800

/** Walks one customer through the draft. */
export function WalkPanel(props: {
  journey: Journey
  workspace: string
  startAt: EpochMs
  event: string
  sample: { attributes: JsonObject; properties: JsonObject }
  sampleOf: (event: string) => JsonObject
  customers: Customers
}) {
  const say = useSentence()
  const walk = useWalkStore()
  const isStarted = useWalkState(state => state.walk !== undefined)
  const problems = useWalkState(state => state.problems)
  const [stub, setStub] = useState(defaultStub)
  const calls = props.journey.nodes.some(node => node.type === NodeType.webhook)
  return (
    <>
      {problems
        .filter(problem => problem.severity === "error")
        .map(problem => (
          <div
            key={`${problem.id} ${problem.node ?? ""} ${problem.at ?? ""}`}
            className={classes.problem}
            role="alert"
          >
            {say(problem)}
          </div>
        ))}
      {calls && (
        <StubChoice
          value={stub}
          onChange={next => {
            setStub(next)
            walk.setStub(next)
          }}
        />
      )}
      {isStarted ? (
        <>
          <Controls />
          <SendEvent sampleOf={props.sampleOf} />
          <WalkLog />
        </>
      ) : (
        <WalkSetup
          event={props.event}
          sample={props.sample}
          customers={props.customers}
          onStart={({ customer, properties }) =>
            walk.start({
              journey: props.journey,
              workspace: props.workspace,
              customer,
              event: { name: props.event, properties },
              startAt: props.startAt,
              stub,
            })
          }
        />
      )}
    </>
  )
}

function Controls() {
  const { t } = useTranslation("simulation")
  const format = useFormat()
  const walk = useWalkStore()
  const now = useWalkState(state => state.walk?.now)
  const next = useWalkState(state => state.walk?.next)
  const playing = useWalkState(state => state.playing)
  const isTold = useWalkState(state => state.walk !== undefined && state.shown >= state.walk.log.length)
  const isOver = isTold && next === undefined
  useEffect(() => {
    if (!playing) return
    const timer = setInterval(walk.step, playStepMs)
    return () => clearInterval(timer)
  }, [playing, walk])
  return (
    <>
      <div className={classes.clock}>
        <span data-walk-now>{now === undefined ? "" : format.dateTime(now)}</span>
        <span className={classes.soft}>
          {next === undefined ? t("nothingNext") : t("nextAt", { time: format.dateTime(next) })}
        </span>
      </div>
      <Group gap={6}>
        <Button
          size="compact-sm"
          variant="default"
          disabled={isOver}
          data-walk-play
          leftSection={
            playing ? <IconPlayerPause size={14} aria-hidden /> : <IconPlayerPlay size={14} aria-hidden />
          }
          onClick={() => walk.play(!playing)}
        >
          {playing ? t("controls.pause") : t("controls.play")}
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          disabled={isOver}
          data-walk-step
          leftSection={<IconPlayerTrackNext size={14} aria-hidden />}
          onClick={walk.step}
        >
          {t("controls.step")}
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          disabled={isOver}
          data-walk-next
          leftSection={<IconPlayerSkipForward size={14} aria-hidden />}
          onClick={walk.next}
        >
          {t("controls.next")}
        </Button>
        <Tooltip label={t("controls.restart")}>
          <ActionIcon variant="subtle" color="gray" aria-label={t("controls.restart")} onClick={walk.end}>
            <IconRefresh size={16} aria-hidden />
          </ActionIcon>
        </Tooltip>
      </Group>
    </>
  )
}
