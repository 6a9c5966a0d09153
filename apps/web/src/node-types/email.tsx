import { Checkbox, SegmentedControl, Stack } from "@mantine/core"
import type { ConfigOf } from "@viaggio/journey-model"
import { useTranslation } from "react-i18next"
import { FieldSet } from "../editor/fields/FieldSet.tsx"
import { TemplateField } from "../editor/fields/TemplateField.tsx"
import { useProblemText } from "../editor/fields/use-problem-text.ts"
import { EmailPreview } from "./EmailPreview.tsx"
import type { FaceProps } from "./face.ts"

type Config = ConfigOf<"email">
type OptionalText = "preheader" | "text"

export function EmailForm({ id, config, onChange, problems }: FaceProps<"email">) {
  const { t } = useTranslation("node-types")
  const problemAt = useProblemText(problems)
  const setOptional = (field: OptionalText, value: string) => {
    const { [field]: _before, ...rest } = config
    onChange((value === "" ? rest : { ...rest, [field]: value }) as Config, field)
  }
  return (
    <Stack gap="md">
      <FieldSet legend={t("form.email.purpose")} hint={t(`form.email.purposeHint.${config.purpose}`)}>
        <SegmentedControl
          size="xs"
          fullWidth
          aria-label={t("form.email.purpose")}
          data={(["marketing", "transactional"] as const).map(value => ({
            value,
            label: t(`form.email.purposes.${value}`),
          }))}
          value={config.purpose}
          onChange={purpose => onChange({ ...config, purpose: purpose as Config["purpose"] }, "purpose")}
        />
      </FieldSet>
      <TemplateField
        node={id}
        label={t("form.email.subject")}
        value={config.subject}
        at="/subject"
        error={problemAt("/subject")}
        onChange={subject => onChange({ ...config, subject }, "subject")}
      />
      <TemplateField
        node={id}
        label={t("form.email.preheader")}
        description={t("form.email.preheaderHint")}
        value={config.preheader ?? ""}
        at="/preheader"
        error={problemAt("/preheader")}
        onChange={text => setOptional("preheader", text)}
      />
      <TemplateField
        node={id}
        links
        code
        rows={[6, 18]}
        label={t("form.email.html")}
        value={config.html}
        at="/html"
        error={problemAt("/html")}
        onChange={html => onChange({ ...config, html }, "html")}
      />
      <EmailPreview node={id} config={config} />
      <TemplateField
        node={id}
        links
        rows={[2, 10]}
        label={t("form.email.text")}
        description={t("form.email.textHint")}
        value={config.text ?? ""}
        at="/text"
        error={problemAt("/text")}
        onChange={text => setOptional("text", text)}
      />
      <FieldSet legend={t("form.email.tracking")} hint={t("form.email.trackingHint")}>
        {(["opens", "clicks"] as const).map(flag => (
          <Checkbox
            key={flag}
            size="xs"
            label={t(`form.email.track.${flag}`)}
            checked={config.tracking[flag]}
            onChange={event =>
              onChange(
                { ...config, tracking: { ...config.tracking, [flag]: event.currentTarget.checked } },
                flag,
              )
            }
          />
        ))}
      </FieldSet>
    </Stack>
  )
}
