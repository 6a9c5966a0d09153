import { Group, Input, NumberInput, Select } from "@mantine/core"
import { formatDuration, parseDuration } from "@viaggio/journey-model"
import { useId, useState } from "react"
import { useTranslation } from "react-i18next"

const unitsMs = {
  second: 1_000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 604_800_000,
} as const
type Unit = keyof typeof unitsMs
const units = Object.keys(unitsMs) as Unit[]

/** The largest unit that says the duration without a fraction: 26 h stay hours, 48 h become days. */
export function unitOf(durationMs: number): Unit {
  const fitting = units.filter(unit => durationMs % unitsMs[unit] === 0 && unit !== "week")
  return durationMs === 0 ? "day" : (fitting.at(-1) ?? "second")
}

/** An amount and a unit over an ISO 8601 duration such as `P3D`. */
export function DurationField(props: {
  value: string
  onChange: (value: string) => void
  label: string
  hideLabel?: boolean
  at?: string
  error?: string | undefined
}) {
  const { t } = useTranslation("editor")
  const id = useId()
  const durationMs = parseDuration(props.value)
  // Without this the unit would jump while somebody types "120" on the way from 1 to 120 minutes.
  const [chosen, setChosen] = useState<Unit | undefined>()
  const unit =
    chosen && (durationMs === undefined || durationMs % unitsMs[chosen] === 0)
      ? chosen
      : unitOf(durationMs ?? 0)
  const amount = durationMs === undefined ? "" : durationMs / unitsMs[unit]
  const write = (nextAmount: number, nextUnit: Unit) => {
    setChosen(nextUnit)
    props.onChange(formatDuration(Math.max(0, Math.round(nextAmount * unitsMs[nextUnit]))))
  }
  const fields = (
    <Group gap={6} wrap="nowrap">
      <NumberInput
        id={id}
        size="xs"
        min={0}
        w={84}
        aria-label={props.hideLabel ? props.label : t("fields.amount", { label: props.label })}
        value={amount}
        allowNegative={false}
        onChange={value => write(Number(value) || 0, unit)}
        data-at={props.at}
        error={props.error !== undefined}
      />
      <Select
        size="xs"
        w={112}
        allowDeselect={false}
        aria-label={t("fields.unit", { label: props.label })}
        data={units.map(value => ({ value, label: t(`fields.units.${value}`) }))}
        value={unit}
        onChange={value => value && write(amount === "" ? 1 : amount, value as Unit)}
      />
    </Group>
  )
  if (props.hideLabel) return fields
  return (
    <Input.Wrapper size="xs" label={props.label} error={props.error} labelProps={{ htmlFor: id }}>
      {fields}
    </Input.Wrapper>
  )
}
