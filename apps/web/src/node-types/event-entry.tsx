import { Stack } from "@mantine/core"
import { useTranslation } from "react-i18next"
import { ConditionField, WhereField } from "../editor/conditions/ConditionBuilder.tsx"
import { EventField } from "../editor/fields/CatalogueField.tsx"
import { DurationField } from "../editor/fields/DurationField.tsx"
import { FieldSet } from "../editor/fields/FieldSet.tsx"
import { useProblemText } from "../editor/fields/use-problem-text.ts"
import type { FaceProps } from "./face.ts"

export function EventEntryForm({ config, onChange, problems }: FaceProps<"event-entry">) {
  const { t } = useTranslation("node-types")
  const problemAt = useProblemText(problems)
  return (
    <Stack gap="md">
      <EventField
        label={t("form.event-entry.event")}
        value={config.event}
        onChange={event => onChange({ ...config, event }, "event")}
        at="/event"
        error={problemAt("/event")}
      />
      <FieldSet legend={t("form.event-entry.where")}>
        <WhereField
          label={t("form.event-entry.where")}
          event={config.event}
          value={config.where}
          at="/where"
          onChange={where => {
            const { where: _before, ...rest } = config
            onChange(where === undefined ? rest : { ...rest, where }, "where")
          }}
        />
      </FieldSet>
      <FieldSet legend={t("form.event-entry.audience")} hint={t("form.event-entry.audienceHint")}>
        <ConditionField
          label={t("form.event-entry.audience")}
          value={config.audience}
          at="/audience"
          onChange={audience => {
            const { audience: _before, ...rest } = config
            onChange(audience === undefined ? rest : { ...rest, audience }, "audience")
          }}
        />
      </FieldSet>
      <FieldSet legend={t("form.event-entry.maxAge")} hint={t("form.event-entry.maxAgeHint")}>
        <DurationField
          hideLabel
          label={t("form.event-entry.maxAge")}
          value={config.maxAge}
          at="/maxAge"
          error={problemAt("/maxAge")}
          onChange={maxAge => onChange({ ...config, maxAge }, "maxAge")}
        />
      </FieldSet>
    </Stack>
  )
}
