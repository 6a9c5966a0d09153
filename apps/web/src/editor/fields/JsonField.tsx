import { Textarea } from "@mantine/core"
import type { Json } from "@viaggio/journey-model"
import { useRef, useState } from "react"
import { useTranslation } from "react-i18next"
import { readJsonText, writeJsonText } from "./json-text.ts"
import { VariableMenu } from "./VariableMenu.tsx"

/** What stands in the field under somebody's hand, and the value of the document that it goes with. */
type Typed = { text: string; written: string }

/**
 * JSON as text; empty is no value. Only JSON is written to the document; anything else stays in the field, shown as
 * wrong, until it is mended. `variables`: its texts are templates, and tags can be put in where the cursor stands.
 */
export function JsonField(props: {
  value: Json | undefined
  onChange: (value: Json | undefined) => void
  label: string
  hint?: string
  at?: string
  error?: string | undefined
  variables?: boolean
}) {
  const { t } = useTranslation("editor")
  const area = useRef<HTMLTextAreaElement>(null)
  const written = writeJsonText(props.value)
  const [held, setHeld] = useState<Typed | undefined>()
  // An undo, or another node in the same form, brings a value of its own.
  const text = held?.written === written ? held.text : written
  const invalid = readJsonText(text) === undefined
  const type = (next: string) => {
    const read = readJsonText(next)
    setHeld({ text: next, written: read ? writeJsonText(read.value) : written })
    if (read && writeJsonText(read.value) !== written) props.onChange(read.value)
  }
  const insert = (tag: string) => {
    const { selectionStart = text.length, selectionEnd = text.length } = area.current ?? {}
    type(text.slice(0, selectionStart) + tag + text.slice(selectionEnd))
  }
  return (
    <Textarea
      ref={area}
      size="xs"
      label={props.label}
      description={props.hint}
      value={text}
      data-at={props.at}
      error={invalid ? t("fields.noJson") : props.error}
      autosize
      minRows={3}
      maxRows={16}
      spellCheck={false}
      styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
      {...(props.variables
        ? {
            rightSection: <VariableMenu onInsert={insert} />,
            rightSectionProps: { style: { alignItems: "flex-start", paddingTop: 4 } },
          }
        : {})}
      onChange={event => type(event.currentTarget.value)}
    />
  )
}
