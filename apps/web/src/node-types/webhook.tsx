import { Group, NumberInput, Select, Stack, Text, TextInput } from "@mantine/core"
import { type ConfigOf, webhookMethods } from "@viaggio/journey-model"
import { useTranslation } from "react-i18next"
import { DurationField } from "../editor/fields/DurationField.tsx"
import { FieldSet } from "../editor/fields/FieldSet.tsx"
import { JsonTemplateField } from "../editor/fields/JsonTemplateField.tsx"
import { RowList } from "../editor/fields/RowList.tsx"
import { useProblemText } from "../editor/fields/use-problem-text.ts"
import type { FaceProps } from "./face.ts"

type Config = ConfigOf<"webhook">
type PartProps = {
  config: Config
  onChange: FaceProps<"webhook">["onChange"]
  problemAt: (at: string) => string | undefined
}

export function WebhookForm({ id, config, onChange, problems }: FaceProps<"webhook">) {
  const { t } = useTranslation("node-types")
  const problemAt = useProblemText(problems)
  const bodyProblem = problems.find(
    ({ at, severity }) => at?.startsWith("/body/") && severity === "error",
  )?.at
  const part = { config, onChange, problemAt }
  return (
    <Stack gap="md">
      <Group gap={6} wrap="nowrap" align="flex-start">
        <Select
          size="xs"
          w={96}
          label={t("form.webhook.method")}
          allowDeselect={false}
          data={[...webhookMethods]}
          value={config.method}
          data-at="/method"
          onChange={method => method && onChange({ ...config, method: method as Config["method"] }, "method")}
        />
        <TextInput
          size="xs"
          flex={1}
          type="url"
          label={t("form.webhook.url")}
          spellCheck={false}
          value={config.url}
          data-at="/url"
          error={problemAt("/url")}
          onChange={event => onChange({ ...config, url: event.currentTarget.value }, "url")}
        />
      </Group>
      {config.method !== "GET" && (
        <JsonTemplateField
          node={id}
          label={t("form.webhook.body")}
          hint={t("form.webhook.bodyHint")}
          value={config.body}
          at="/body"
          error={problemAt("/body") ?? (bodyProblem && problemAt(bodyProblem))}
          onChange={body => {
            const { body: _before, ...rest } = config
            onChange(body === undefined ? rest : { ...rest, body }, "body")
          }}
        />
      )}
      <Saved {...part} />
      <FieldSet legend={t("form.webhook.patience")} hint={t("form.webhook.patienceHint")}>
        <Group gap="sm" align="flex-start">
          <DurationField
            label={t("form.webhook.timeout")}
            value={config.timeout}
            at="/timeout"
            error={problemAt("/timeout")}
            onChange={timeout => onChange({ ...config, timeout }, "timeout")}
          />
          <NumberInput
            size="xs"
            w={90}
            label={t("form.webhook.attempts")}
            min={1}
            max={20}
            allowDecimal={false}
            value={config.attempts}
            data-at="/attempts"
            error={problemAt("/attempts")}
            onChange={value => {
              const attempts = Number(value)
              if (Number.isInteger(attempts) && attempts !== config.attempts)
                onChange({ ...config, attempts }, "attempts")
            }}
          />
        </Group>
      </FieldSet>
      <Headers {...part} />
    </Stack>
  )
}

/** What of the answer later steps can use. */
function Saved({ config, onChange, problemAt }: PartProps) {
  const { t } = useTranslation("node-types")
  return (
    <FieldSet legend={t("form.webhook.save")} hint={t("form.webhook.saveHint")}>
      <RowList
        rows={config.save}
        onChange={(save, field) => onChange({ ...config, save }, `save.${field}`)}
        create={() => ({ from: "/", to: "" })}
        addLabel={t("form.webhook.addSave")}
        removeLabel={position => t("form.webhook.removeSave", { position })}
      >
        {(row, write, index) => (
          <>
            <TextInput
              size="xs"
              aria-label={t("form.webhook.from")}
              placeholder={t("form.webhook.from")}
              value={row.from}
              spellCheck={false}
              data-at={`/save/${index}/from`}
              error={problemAt(`/save/${index}/from`)}
              onChange={event => write({ ...row, from: event.currentTarget.value }, "from")}
            />
            <TextInput
              size="xs"
              aria-label={t("form.webhook.to")}
              placeholder={t("form.webhook.to")}
              value={row.to}
              spellCheck={false}
              data-at={`/save/${index}/to`}
              error={problemAt(`/save/${index}/to`)}
              onChange={event => write({ ...row, to: event.currentTarget.value }, "to")}
            />
          </>
        )}
      </RowList>
    </FieldSet>
  )
}

/** Headers are one object in the document: a name that is taken already is not taken twice. */
function Headers({ config, onChange, problemAt }: PartProps) {
  const { t } = useTranslation("node-types")
  const error = problemAt("/headers")
  const rows = Object.entries(config.headers)
  const freeName = (count = 1): string =>
    `x-${count}` in config.headers ? freeName(count + 1) : `x-${count}`
  return (
    <FieldSet legend={t("form.webhook.headers")} hint={t("form.webhook.headersHint")}>
      {error && (
        <Text size="xs" c="var(--danger)" role="alert">
          {error}
        </Text>
      )}
      <div data-at="/headers" />
      <RowList
        rows={rows}
        onChange={(next, field) =>
          onChange({ ...config, headers: Object.fromEntries(next) }, `headers.${field}`)
        }
        create={() => [freeName(), ""]}
        addLabel={t("form.webhook.addHeader")}
        removeLabel={position => t("form.webhook.removeHeader", { position })}
      >
        {([name = "", value = ""], write) => (
          <>
            <TextInput
              size="xs"
              aria-label={t("form.webhook.headerName")}
              value={name}
              spellCheck={false}
              error={error !== undefined}
              onChange={event => {
                const renamed = event.currentTarget.value
                if (!(renamed in config.headers)) write([renamed, value], "name")
              }}
            />
            <TextInput
              size="xs"
              aria-label={t("form.webhook.headerValue", { name })}
              value={value}
              spellCheck={false}
              error={error !== undefined}
              onChange={event => write([name, event.currentTarget.value], "value")}
            />
          </>
        )}
      </RowList>
    </FieldSet>
  )
}
