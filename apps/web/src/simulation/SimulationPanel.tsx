import { ActionIcon, SegmentedControl } from "@mantine/core"
import { IconShieldCheck, IconX } from "@tabler/icons-react"
import type { EpochMs, Journey, JsonObject } from "@viaggio/journey-model"
import { useEffect, useState } from "react"
import { useTranslation } from "react-i18next"
import { AudienceTab } from "./AudienceTab.tsx"
import { AudienceContext, createPageAudience } from "./audience-context.ts"
import type { AudienceSource } from "./learned.ts"
import classes from "./simulation.module.css"
import { useAudienceOverlay } from "./use-audience-overlay.tsx"
import { WalkPanel } from "./WalkPanel.tsx"
import type { Customers } from "./WalkSetup.tsx"
import { useWalkStore } from "./walk-context.ts"

type Tab = "walk" | "audience"

/** The preview beside the canvas: one customer step by step, or a whole audience, in this browser and nowhere else. */
export function SimulationPanel(props: {
  journey: Journey
  workspace: string
  startAt: EpochMs
  event: string
  sample: { attributes: JsonObject; properties: JsonObject }
  sampleOf: (event: string) => JsonObject
  customers: Customers
  audience: AudienceSource
  onFocusNode: (node: string) => void
  onClose: () => void
}) {
  const { t } = useTranslation("simulation")
  const walk = useWalkStore()
  const [audience] = useState(createPageAudience)
  useAudienceOverlay(audience)
  const [tab, setTab] = useState<Tab>("walk")
  const [wasAudience, setWasAudience] = useState(false)
  useEffect(
    () => () => {
      walk.end()
      audience.end()
    },
    [walk, audience],
  )
  return (
    <aside
      className={classes.panel}
      aria-label={tab === "walk" ? t("title") : t("audience.title")}
      data-walk-panel={tab === "walk" || undefined}
      data-audience-panel={tab === "audience" || undefined}
    >
      <div className={classes.head}>
        <h2 className={classes.title}>{tab === "walk" ? t("title") : t("audience.title")}</h2>
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={tab === "walk" ? t("close") : t("audience.close")}
          onClick={props.onClose}
        >
          <IconX size={16} aria-hidden />
        </ActionIcon>
      </div>
      <SegmentedControl
        size="xs"
        fullWidth
        aria-label={t("tabs.title")}
        data={[
          { value: "walk", label: t("tabs.walk") },
          { value: "audience", label: t("tabs.audience") },
        ]}
        value={tab}
        data-preview-tabs
        onChange={value => {
          // The walk's path would lie over the numbers.
          walk.end()
          setTab(value as Tab)
          setWasAudience(true)
        }}
      />
      <p className={classes.safe}>
        <IconShieldCheck size={16} aria-hidden />
        {t("safe")}
      </p>
      {tab === "walk" && (
        <WalkPanel
          journey={props.journey}
          workspace={props.workspace}
          startAt={props.startAt}
          event={props.event}
          sample={props.sample}
          sampleOf={props.sampleOf}
          customers={props.customers}
        />
      )}
      {wasAudience && (
        // What was chosen and what came of it stay there while one of its customers walks.
        <div className={classes.tab} hidden={tab !== "audience"}>
          <AudienceContext value={audience}>
            <AudienceTab
              journey={props.journey}
              workspace={props.workspace}
              startAt={props.startAt}
              sample={props.sample.attributes}
              sampleOf={props.sampleOf}
              source={props.audience}
              onFocusNode={props.onFocusNode}
              onWalk={shown => {
                walk.show(shown)
                setTab("walk")
              }}
            />
          </AudienceContext>
        </div>
      )}
    </aside>
  )
}
