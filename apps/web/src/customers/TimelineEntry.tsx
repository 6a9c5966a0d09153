import { UnstyledButton } from "@mantine/core"
import {
  IconArrowsJoin,
  IconBolt,
  IconChevronRight,
  IconFlag,
  IconMail,
  IconRoute,
  IconUserEdit,
} from "@tabler/icons-react"
import { useId, useState } from "react"
import { useTranslation } from "react-i18next"
import type { Outputs } from "../app/api.ts"
import { useWorkspace } from "../app/workspace.ts"
import { useJourneyName } from "../journeys/names.ts"
import { useNodeWords } from "../node-types/words.ts"
import { Instant } from "../ui/Instant.tsx"
import { TextLink } from "../ui/links.tsx"
import { useBecause } from "./because.ts"
import classes from "./Timeline.module.css"
import { type TimelineView, viewItem } from "./timeline-item.ts"
import { ValueList } from "./ValueList.tsx"

const icons = {
  event: IconBolt,
  traits: IconUserEdit,
  step: IconRoute,
  ended: IconFlag,
  message: IconMail,
  merge: IconArrowsJoin,
} as const satisfies Record<TimelineView["kind"], typeof IconBolt>

/** One happening: a line that says it, and on a click everything that is known about it. */
export function TimelineEntry({ item }: { item: Outputs["customers"]["timeline"]["items"][number] }) {
  const { t } = useTranslation("customers")
  const { id: workspace } = useWorkspace()
  const [open, setOpen] = useState(false)
  const detailsId = useId()
  const view = viewItem(item)
  const Icon = icons[view.kind]
  const hasDetails = view.kind === "message" || Object.keys(view.details).length > 0
  const line = (
    <>
      <span className={classes.icon} data-kind={view.kind}>
        <Icon size={17} stroke={1.7} aria-hidden />
      </span>
      <Line view={view} at={item.at} />
      <span className={classes.time}>
        <Instant at={item.at} show="time" />
      </span>
      {hasDetails && <IconChevronRight size={16} aria-hidden className={classes.chevron} />}
    </>
  )
  if (!hasDetails) return <div className={classes.summary}>{line}</div>
  return (
    <>
      <UnstyledButton
        className={classes.summary}
        aria-expanded={open}
        aria-controls={open ? detailsId : undefined}
        onClick={() => setOpen(!open)}
      >
        {line}
      </UnstyledButton>
      {open && (
        <div id={detailsId} className={classes.details}>
          <ValueList values={view.details} />
          {view.kind === "message" && (
            <TextLink
              to="/w/$workspace/mailbox"
              params={{ workspace }}
              search={{ message: view.id }}
              size="sm"
            >
              {t("timeline.read")}
            </TextLink>
          )}
        </div>
      )}
    </>
  )
}

const messageStates = ["queued", "sent", "refused"] as const

function Line({ view, at }: { view: TimelineView; at: string }) {
  const { t } = useTranslation("customers")
  const nameOf = useJourneyName()
  const words = useNodeWords()
  switch (view.kind) {
    case "event":
    case "traits":
      return (
        <span className={classes.what}>
          {view.kind === "event" ? view.name : t("timeline.traits")}
          {view.history && <span className={classes.where}>{t("timeline.history")}</span>}
        </span>
      )
    case "merge":
      return <span className={classes.what}>{t("timeline.merge")}</span>
    case "step":
      return (
        <span className={classes.what}>
          {t("timeline.step", {
            node: words.placeName(view.place),
            outcome: words.outcomeWord(view.outcome),
          })}
          <StepNote view={view} at={at} />
        </span>
      )
    case "ended":
      return (
        <span className={classes.what}>
          {t("timeline.ended", { node: words.placeName(view.place), reason: view.reason })}
          <StepNote view={view} at={at} />
        </span>
      )
    case "message": {
      const state = messageStates.find(each => each === view.state)
      return (
        <span className={classes.what}>
          {view.subject}
          <span className={classes.where}>
            {t(view.isCall ? "timeline.call" : "timeline.message", {
              journey: nameOf(view.journey),
              node: words.placeName(view.place),
            })}
            {state && ` · ${t(`timeline.${view.isCall ? "callStates" : "states"}.${state}`)}`}
          </span>
        </span>
      )
    }
  }
}

/** In which journey a step was, how long it took, and what decided it. */
function StepNote({ view, at }: { view: Extract<TimelineView, { kind: "step" | "ended" }>; at: string }) {
  const { t } = useTranslation("customers")
  const nameOf = useJourneyName()
  const sayBecause = useBecause()
  const { arrivedAt, because, error } = view.visit
  return (
    <span className={classes.where}>
      {t("timeline.where", { journey: nameOf(view.journey), version: view.version })}
      {arrivedAt !== undefined && arrivedAt !== at && (
        <>
          {" · "}
          {t("timeline.arrived")} <Instant at={arrivedAt} />
        </>
      )}
      {because && <span className={classes.because}>{sayBecause(because)}</span>}
      {error !== undefined && <span className={classes.error}>{error}</span>}
    </span>
  )
}
