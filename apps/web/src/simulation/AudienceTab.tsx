import { Button, Progress } from "@mantine/core"
import {
  audienceEvents,
  compile,
  type EpochMs,
  type Journey,
  type JsonObject,
  prepareAudience,
  type Walk,
  walkOf,
} from "@viaggio/journey-model"
import { useEffect, useMemo } from "react"
import { useTranslation } from "react-i18next"
import { useFormat } from "../app/format.ts"
import { useSentence } from "../app/sentence.ts"
import { AudienceResults } from "./AudienceResults.tsx"
import { AudienceSetup } from "./AudienceSetup.tsx"
import { useAudience, useAudienceState } from "./audience-context.ts"
import type { AudienceSource } from "./learned.ts"
import classes from "./simulation.module.css"

/** A whole audience through the draft: who and how, the run, and what came of it. */
export function AudienceTab(props: {
  journey: Journey
  workspace: string
  startAt: EpochMs
  sample: JsonObject
  sampleOf: (event: string) => JsonObject
  source: AudienceSource
  onFocusNode: (node: string) => void
  onWalk: (shown: { walk: Walk; journey: Journey }) => void
}) {
  const { t } = useTranslation("simulation")
  const say = useSentence()
  const audience = useAudience()
  const phase = useAudienceState(state => state.phase)
  const error = useAudienceState(state => state.error)
  const ranJourney = useAudienceState(state => state.spec?.journey)
  const compiled = useMemo(() => compile(props.journey), [props.journey])
  const asked = compiled.ok
    ? JSON.stringify({ after: compiled.value.admission.event, events: audienceEvents(compiled.value) })
    : undefined
  const { onNeed } = props.source
  useEffect(() => {
    if (asked !== undefined) onNeed(JSON.parse(asked))
  }, [asked, onNeed])
  const isOutdated = phase === "done" && ranJourney !== props.journey
  // The canvas shows the draft as it is now: numbers of an earlier one would stand on the wrong cards.
  useEffect(() => {
    if (isOutdated) audience.end()
  }, [isOutdated, audience])
  if (!compiled.ok)
    return (
      <>
        <p className={classes.past}>{t("audience.errors")}</p>
        {compiled.problems
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
      </>
    )
  const openWalk = (index: number) => {
    const { spec } = audience.store.getState()
    const prepared = spec && prepareAudience(spec)
    if (!spec || !prepared?.ok) return
    props.onWalk({ walk: walkOf(prepared.value, index), journey: spec.journey })
  }
  return (
    <>
      {error !== undefined && (
        <p className={classes.problem} role="alert">
          {t("audience.failed", { message: error })}
        </p>
      )}
      {/* The choices stay where they are while their result is looked at. */}
      <div hidden={phase !== "setup"}>
        <AudienceSetup
          journey={props.journey}
          program={compiled.value}
          workspace={props.workspace}
          startAt={props.startAt}
          sample={props.sample}
          sampleOf={props.sampleOf}
          source={props.source}
          onRun={audience.run}
        />
      </div>
      {phase === "running" && <Running />}
      {phase === "done" && <AudienceResults onFocusNode={props.onFocusNode} onWalk={openWalk} />}
    </>
  )
}

function Running() {
  const { t } = useTranslation("simulation")
  const format = useFormat()
  const audience = useAudience()
  const ran = useAudienceState(state => state.ran)
  const total = useAudienceState(state => state.spec?.customers ?? 1)
  return (
    <div className={classes.running} data-audience-running>
      <p role="status" className={classes.past}>
        {t("audience.running", { ran: format.number(ran), total: format.number(total) })}
      </p>
      <Progress value={(ran / total) * 100} aria-label={t("audience.progress")} />
      <Button size="xs" variant="default" onClick={audience.cancel} data-audience-cancel>
        {t("audience.cancel")}
      </Button>
    </div>
  )
}
