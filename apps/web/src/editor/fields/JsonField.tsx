import { Textarea } from "@mantine/core"
import type { Json } from "@viaggio/journey-model"
import type { ComponentProps } from "react"
import { useTranslation } from "react-i18next"
import { useJsonText } from "./use-json-text.ts"

export type JsonFieldProps = {
  value: Json | undefined
  onChange: (value: Json | undefined) => void
  label: string
  hint?: string
  at?: string
  error?: string | undefined
}

/** JSON as text; empty is no value. */
export function JsonField(props: JsonFieldProps) {
  const json = useJsonText(props.value, props.onChange)
  return <JsonArea {...props} json={json} onType={area => json.type(area.value)} />
}

/** The field itself. `more`: what else belongs on it. */
export function JsonArea(
  props: JsonFieldProps & {
    json: ReturnType<typeof useJsonText>
    onType: (area: HTMLTextAreaElement) => void
    more?: ComponentProps<typeof Textarea>
  },
) {
  const { t } = useTranslation("editor")
  return (
    <Textarea
      size="xs"
      label={props.label}
      description={props.hint}
      value={props.json.text}
      data-at={props.at}
      error={props.json.isInvalid ? t("fields.noJson") : props.error}
      autosize
      minRows={3}
      maxRows={16}
      spellCheck={false}
      styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
      {...props.more}
      onChange={event => props.onType(event.currentTarget)}
    />
  )
}
