import type { Json } from "@viaggio/journey-model"
import { useState } from "react"
import { readJsonText, writeJsonText } from "./json-text.ts"

/** What stands in the field under somebody's hand, and the value of the document that it goes with. */
type Typed = { text: string; written: string }

/**
 * The text of a JSON value while it is typed. Only JSON is written to the document; anything else stays in the
 * field, shown as wrong, until it is mended.
 */
export function useJsonText(value: Json | undefined, onChange: (value: Json | undefined) => void) {
  const written = writeJsonText(value)
  const [held, setHeld] = useState<Typed | undefined>()
  // An undo, or another node in the same form, brings a value of its own.
  const text = held?.written === written ? held.text : written
  return {
    text,
    isInvalid: readJsonText(text) === undefined,
    type(next: string) {
      const read = readJsonText(next)
      setHeld({ text: next, written: read ? writeJsonText(read.value) : written })
      if (read && writeJsonText(read.value) !== written) onChange(read.value)
    },
  }
}
