import { Group, Input, NumberInput, Select } from "@mantine/core"
import { parseDuration } from "@viaggio/journey-model"
import { useId, useState } from "react"
import { useTranslation } from "react-i18next"
import { readAmount, type Unit, unitOf, units, unitsMs } from "./duration-amount.ts"

/** What stands in the field under somebody's hand, and the duration of the document that it goes with. */
type Typed = { amount: string | number; unit: Unit; durationMs: number | undefined }

/**
 * An amount and a unit over an ISO 8601 duration such as `P3D`. Only a duration that the document takes is written;
 * anything else stays in the field, shown as wrong, and is gone when the field is left.
 */
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
  const [held, setTyped] = useState<Typed | undefined>()
  // An undo, or another node in the same form, brings a duration of its own.
  const typed = held?.durationMs === durationMs ? held : undefined
  const settled =
    chosen && (durationMs === undefined || durationMs % unitsMs[chosen] === 0)
      ? chosen
      : unitOf(durationMs ?? 0)
  const unit = typed?.unit ?? settled
  const amount = typed?.amount ?? (durationMs === undefined ? "" : durationMs / unitsMs[unit])
  const invalid = typed !== undefined && readAmount(typed.amount, typed.unit) === undefined
  const error = invalid ? t("fields.durationRange") : props.error
  const write = (nextAmount: string | number, nextUnit: Unit) => {
    const read = readAmount(nextAmount, nextUnit)
    const nextMs = read === undefined ? durationMs : parseDuration(read)
    setTyped({ amount: nextAmount, unit: nextUnit, durationMs: nextMs })
    if (read === undefined) return
    setChosen(nextUnit)
    if (nextMs !== durationMs) props.onChange(read)
  }
  const fields = (
    <Group
      gap={6}
      wrap="nowrap"
      onBlur={event => {
        if (!event.currentTarget.contains(event.relatedTarget)) setTyped(undefined)
      }}
    >
      <NumberInput
        id={id}
        size="xs"
        min={1}
        clampBehavior="none"
        allowedDecimalSeparators={[".", ","]}
        w={84}
        aria-label={props.hideLabel ? props.label : t("fields.amount", { label: props.label })}
        value={amount}
        onChange={value => {
          // It also tells of values that it was given; only what somebody typed is held.
          if (value !== amount) write(value, unit)
        }}
        data-at={props.at}
        error={error !== undefined}
      />
      <Select
        size="xs"
        w={112}
        allowDeselect={false}
        aria-label={t("fields.unit", { label: props.label })}
        data={units.map(value => ({ value, label: t(`fields.units.${value}`) }))}
        value={unit}
        onChange={value => value && write(amount === "" && !typed ? 1 : amount, value as Unit)}
      />
    </Group>
  )
  return (
    <Input.Wrapper
      size="xs"
      label={props.hideLabel ? undefined : props.label}
      error={error}
      errorProps={invalid ? { role: "alert" } : {}}
      labelProps={{ htmlFor: id }}
    >
      {fields}
    </Input.Wrapper>
  )
}
