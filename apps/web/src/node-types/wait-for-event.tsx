import { Alert, Button, Group, SegmentedControl, Select, Stack, Text } from "@mantine/core"
import type { ConfigOf } from "@viaggio/journey-model"
import { useState } from "react"
import { useTranslation } from "react-i18next"
import { WhereField } from "../editor/conditions/ConditionBuilder.tsx"
import { BranchList } from "../editor/fields/BranchList.tsx"
import { EventField } from "../editor/fields/CatalogueField.tsx"
import { DurationField } from "../editor/fields/DurationField.tsx"
import { FieldSet } from "../editor/fields/FieldSet.tsx"
import { useProblemText } from "../editor/fields/use-problem-text.ts"
import { useSessionState } from "../editor/session/session-context.ts"
import type { FaceProps } from "./face.ts"
import { useNodeWords } from "./words.ts"

type Config = ConfigOf<"wait-for-event">

export function WaitForEventForm({ id, config, onChange, problems }: FaceProps<"wait-for-event">) {
  const { t } = useTranslation("node-types")
  const problemAt = useProblemText(problems)
  return (
    <Stack gap="md">
      <FieldSet legend={t("form.wait-for-event.branches")}>
        <BranchList
          branches={config.branches}
          onChange={(branches, field) => onChange({ ...config, branches }, field)}
          create={branch => ({ id: branch, event: "" })}
          addLabel={t("form.wait-for-event.addBranch")}
          problemAt={problemAt}
        >
          {(branch, write, at) => (
            <>
              <EventField
                label={t("form.wait-for-event.event")}
                value={branch.event}
                at={`${at}/event`}
                error={problemAt(`${at}/event`)}
                onChange={event => write({ ...branch, event }, "event")}
              />
              <WhereField
                label={t("form.wait-for-event.where")}
                event={branch.event}
                value={branch.where}
                at={`${at}/where`}
                onChange={where => {
                  const { where: _before, ...rest } = branch
                  write(where === undefined ? rest : { ...rest, where }, "where")
                }}
              />
            </>
          )}
        </BranchList>
      </FieldSet>
      <Timeout config={config} onChange={onChange} error={problemAt("/timeout")} />
      <Since id={id} config={config} onChange={onChange} error={problemAt("/since")} />
    </Stack>
  )
}

type PartProps = {
  config: Config
  onChange: FaceProps<"wait-for-event">["onChange"]
  error: string | undefined
}

/** A wait without an end is asked for twice: customers may stay for good. */
function Timeout({ config, onChange, error }: PartProps) {
  const { t } = useTranslation("node-types")
  const [asking, setAsking] = useState(false)
  const forEver = config.timeout === "never"
  return (
    <FieldSet legend={t("form.wait-for-event.timeout")}>
      <SegmentedControl
        size="xs"
        aria-label={t("form.wait-for-event.timeout")}
        data={[
          { value: "after", label: t("form.wait-for-event.atMost") },
          { value: "never", label: t("form.wait-for-event.forEver") },
        ]}
        value={forEver || asking ? "never" : "after"}
        onChange={value => {
          setAsking(value === "never" && !forEver)
          if (value === "after" && forEver) onChange({ ...config, timeout: "P3D" }, "timeout")
        }}
      />
      {asking && (
        <Alert p="xs" bg="var(--warning-soft)">
          <Text size="xs">{t("form.wait-for-event.forEverAsk")}</Text>
          <Group gap="xs" mt="xs">
            <Button
              size="compact-xs"
              variant="default"
              c="var(--danger)"
              onClick={() => {
                setAsking(false)
                onChange({ ...config, timeout: "never" }, "timeout")
              }}
            >
              {t("form.wait-for-event.forEverYes")}
            </Button>
            <Button size="compact-xs" variant="default" onClick={() => setAsking(false)}>
              {t("form.wait-for-event.forEverNo")}
            </Button>
          </Group>
        </Alert>
      )}
      {!forEver && !asking && (
        <DurationField
          hideLabel
          label={t("form.wait-for-event.timeout")}
          value={config.timeout}
          at="/timeout"
          error={error}
          onChange={timeout => onChange({ ...config, timeout }, "timeout")}
        />
      )}
    </FieldSet>
  )
}

const nodePrefix = "node:"

function Since({ id, config, onChange, error }: PartProps & { id: string }) {
  const { t } = useTranslation("node-types")
  const words = useNodeWords()
  const nodes = useSessionState(state => state.history.journey.nodes)
  const value = typeof config.since === "string" ? config.since : nodePrefix + config.since.node
  const others = nodes.filter(node => node.id !== id && node.type !== "event-entry" && node.type !== "exit")
  const data = [
    { value: "arrival", label: t("form.wait-for-event.sinceArrival") },
    { value: "entry", label: t("form.wait-for-event.sinceEntry") },
    ...others.map(node => ({
      value: nodePrefix + node.id,
      label: t("form.wait-for-event.sinceNode", { node: words.nodeName(node) }),
    })),
  ]
  return (
    <Select
      size="xs"
      label={t("form.wait-for-event.since")}
      description={t("form.wait-for-event.sinceHint")}
      allowDeselect={false}
      data={data.some(option => option.value === value) ? data : [...data, { value, label: value }]}
      value={value}
      data-at="/since"
      error={error}
      onChange={next => {
        if (!next) return
        onChange(
          {
            ...config,
            since: next.startsWith(nodePrefix)
              ? { node: next.slice(nodePrefix.length) }
              : (next as "arrival" | "entry"),
          },
          "since",
        )
      }}
    />
  )
}
