import { ActionIcon, Button, TextInput } from "@mantine/core"
import { IconPlus, IconTrash } from "@tabler/icons-react"
import type { JsonObject } from "@viaggio/journey-model"
import { useTranslation } from "react-i18next"
import { parseValue, printValue } from "./json-value.ts"
import classes from "./simulation.module.css"

/** Names and values that can be changed, added and taken away: attributes of a customer, properties of an event. */
export function ValueRows(props: {
  legend: string
  values: JsonObject
  onChange: (values: JsonObject) => void
}) {
  const { t } = useTranslation("simulation")
  const entries = Object.entries(props.values)
  const write = (next: [string, JsonObject[string]][]) => props.onChange(Object.fromEntries(next))
  return (
    <fieldset className={classes.rows}>
      <legend>{props.legend}</legend>
      {entries.map(([name, value], index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the name is what is being typed, so it cannot be the key
        <div key={index} className={classes.row}>
          <TextInput
            size="xs"
            aria-label={t("rows.name", { position: index + 1 })}
            value={name}
            onChange={event => {
              const renamed = event.currentTarget.value
              if (renamed !== name && renamed in props.values) return
              write(entries.map((entry, at) => (at === index ? [renamed, value] : entry)))
            }}
          />
          <TextInput
            size="xs"
            aria-label={t("rows.value", { name })}
            defaultValue={printValue(value)}
            key={`${name} ${JSON.stringify(value)}`}
            onBlur={event => {
              const typed = parseValue(event.currentTarget.value)
              write(entries.map((entry, at) => (at === index ? [name, typed] : entry)))
            }}
          />
          <ActionIcon
            variant="subtle"
            color="gray"
            size="sm"
            aria-label={t("rows.remove", { name })}
            onClick={() => write(entries.filter((_, at) => at !== index))}
          >
            <IconTrash size={14} aria-hidden />
          </ActionIcon>
        </div>
      ))}
      <Button
        size="compact-xs"
        variant="subtle"
        leftSection={<IconPlus size={12} aria-hidden />}
        style={{ alignSelf: "flex-start" }}
        onClick={() => write([...entries, [freeName(props.values), ""]])}
      >
        {t("rows.add")}
      </Button>
    </fieldset>
  )
}

function freeName(values: JsonObject): string {
  let count = 1
  while (`name_${count}` in values) count += 1
  return `name_${count}`
}
