import { SegmentedControl } from "@mantine/core"
import { defaultStub, type WebhookStub } from "@viaggio/journey-model"
import { useTranslation } from "react-i18next"
import { FieldSet } from "../editor/fields/FieldSet.tsx"
import { JsonField } from "../editor/fields/JsonField.tsx"

/** What stands in for every service that the journey would call. */
export function StubChoice(props: { value: WebhookStub; onChange: (stub: WebhookStub) => void }) {
  const { t } = useTranslation("simulation")
  const { value, onChange } = props
  return (
    <FieldSet legend={t("stub.title")} hint={t("stub.bodyHint")}>
      <SegmentedControl
        size="xs"
        fullWidth
        aria-label={t("stub.title")}
        data={(["succeeded", "failed"] as const).map(outcome => ({
          value: outcome,
          label: t(`stub.${outcome}`),
        }))}
        value={value.outcome}
        data-walk-stub
        onChange={outcome => onChange(outcome === "failed" ? { outcome } : defaultStub)}
      />
      {value.outcome === "succeeded" && (
        <JsonField
          label={t("stub.body")}
          value={value.body}
          onChange={body => onChange({ outcome: "succeeded", body: body ?? {} })}
        />
      )}
    </FieldSet>
  )
}
