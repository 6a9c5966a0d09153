import { CloseButton, TextInput } from "@mantine/core"
import { useDebouncedCallback } from "@mantine/hooks"
import { IconSearch } from "@tabler/icons-react"
import { useEffect, useRef, useState } from "react"
import { useTranslation } from "react-i18next"

/** A search box whose text lives in the address: what is typed is handed on after a short rest. */
export function SearchField(props: {
  label: string
  value: string
  onSearch: (text: string) => void
  width?: number
  /** How long the typing rests before the text is handed on. */
  restMs?: number
}) {
  const { t } = useTranslation("ui")
  const [text, setText] = useState(props.value)
  const input = useRef<HTMLInputElement>(null)
  // While somebody types, the address follows the field and lags behind; only at other times it leads.
  useEffect(() => {
    if (document.activeElement !== input.current) setText(props.value)
  }, [props.value])
  const handOn = useDebouncedCallback(props.onSearch, props.restMs ?? 150)
  return (
    <TextInput
      ref={input}
      type="search"
      aria-label={props.label}
      placeholder={props.label}
      w={props.width ?? 300}
      value={text}
      leftSection={<IconSearch size={16} aria-hidden />}
      rightSection={
        text && (
          <CloseButton
            size="sm"
            aria-label={t("search.clear")}
            onClick={() => {
              setText("")
              props.onSearch("")
            }}
          />
        )
      }
      onChange={event => {
        setText(event.currentTarget.value)
        handOn(event.currentTarget.value.trim())
      }}
    />
  )
}
