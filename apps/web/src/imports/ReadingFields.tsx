import { Select } from "@mantine/core"
import { useTranslation } from "react-i18next"
import type { ImportMapping, Reading } from "./import.ts"
import classes from "./imports.module.css"

const delimiters = { ",": "comma", ";": "semicolon", "\t": "tab", "|": "bar" } as const
const encodings = { "utf-8": "utf-8", "windows-1252": "windows-1252", "utf-16le": "utf-16le" } as const
const dateOrders = { dmy: "dmy", mdy: "mdy", ymd: "ymd" } as const
const decimals = { ",": "comma", ".": "point" } as const

/** How the file is written; what was noticed stands in the fields already. */
export function ReadingFields(props: {
  reading: Reading
  onRead: (reading: Reading) => void
  mapping: ImportMapping
  onMap: (mapping: ImportMapping) => void
}) {
  const { t } = useTranslation("imports")
  const { reading, mapping } = props
  return (
    <div className={classes.reading}>
      <Choice
        label={t("reading.delimiter")}
        words={delimiters}
        say={word => t(`reading.delimiters.${word}`)}
        value={reading.delimiter}
        onChange={delimiter => props.onRead({ ...reading, delimiter })}
      />
      <Choice
        label={t("reading.encoding")}
        words={encodings}
        say={word => t(`reading.encodings.${word}`)}
        value={reading.encoding}
        onChange={encoding => props.onRead({ ...reading, encoding })}
      />
      <Choice
        label={t("reading.dates")}
        words={dateOrders}
        say={word => t(`reading.dateOrders.${word}`)}
        value={mapping.dates}
        onChange={dates => props.onMap({ ...mapping, dates })}
      />
      <Choice
        label={t("reading.decimal")}
        words={decimals}
        say={word => t(`reading.decimals.${word}`)}
        value={mapping.decimal}
        onChange={decimal => props.onMap({ ...mapping, decimal })}
      />
    </div>
  )
}

/** One of a few values, each with the word by which the catalogue knows it. */
function Choice<Value extends string, Word extends string>(props: {
  label: string
  words: { [V in Value]: Word }
  say: (word: NoInfer<Word>) => string
  value: Value
  onChange: (value: Value) => void
}) {
  const values = Object.keys(props.words) as Value[]
  return (
    <Select
      label={props.label}
      allowDeselect={false}
      size="xs"
      w={190}
      value={props.value}
      data={values.map(value => ({ value, label: props.say(props.words[value]) }))}
      onChange={picked => {
        const value = values.find(each => each === picked)
        if (value !== undefined) props.onChange(value)
      }}
    />
  )
}
