import { Checkbox, SegmentedControl, Stack, Textarea, TextInput } from "@mantine/core"
import { IconMail } from "@tabler/icons-react"
import type { ConfigOf } from "@viaggio/journey-model"
import { useTranslation } from "react-i18next"
import { FieldSet } from "../editor/fields/FieldSet.tsx"
import { useProblemText } from "../editor/fields/use-problem-text.ts"
import { VariableMenu } from "../editor/fields/VariableMenu.tsx"
import { EmailPreview } from "./EmailPreview.tsx"
import type { Face, FaceProps } from "./face.ts"

type Config = ConfigOf<"email">
type OptionalText = "preheader" | "text"

function Form({ config, onChange, problems }: FaceProps<"email">) {
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
      <TextInput
        size="xs"
        label={t("form.email.subject")}
        value={config.subject}
        data-at="/subject"
        error={problemAt("/subject")}
        rightSection={
          <VariableMenu
            onInsert={variable => onChange({ ...config, subject: config.subject + variable }, "subject")}
          />
        }
        onChange={event => onChange({ ...config, subject: event.currentTarget.value }, "subject")}
      />
      <TextInput
        size="xs"
        label={t("form.email.preheader")}
        description={t("form.email.preheaderHint")}
        value={config.preheader ?? ""}
        data-at="/preheader"
        error={problemAt("/preheader")}
        onChange={event => setOptional("preheader", event.currentTarget.value)}
      />
      <Textarea
        size="xs"
        label={t("form.email.html")}
        value={config.html}
        data-at="/html"
        error={problemAt("/html")}
        autosize
        minRows={6}
        maxRows={18}
        spellCheck={false}
        styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
        rightSection={
          <VariableMenu
            links
            onInsert={variable => onChange({ ...config, html: config.html + variable }, "html")}
          />
        }
        rightSectionProps={{ style: { alignItems: "flex-start", paddingTop: 4 } }}
        onChange={event => onChange({ ...config, html: event.currentTarget.value }, "html")}
      />
      <EmailPreview config={config} />
      <Textarea
        size="xs"
        label={t("form.email.text")}
        description={t("form.email.textHint")}
        value={config.text ?? ""}
        data-at="/text"
        error={problemAt("/text")}
        autosize
        minRows={2}
        maxRows={10}
        onChange={event => setOptional("text", event.currentTarget.value)}
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

export const emailFace: Face<"email"> = { Icon: IconMail, Form }
