import { Select } from "@mantine/core"
import { useMemo } from "react"
import { useTranslation } from "react-i18next"
import { listZones } from "./zones.ts"

/** A combobox over all zones, found by typing a part of the name. */
export function ZoneSelect(props: {
  value: string
  onChange: (zone: string) => void
  error?: string
  label?: string
}) {
  const { t } = useTranslation("ui")
  const zones = useMemo(() => {
    const known = listZones(Date.now())
    return known.some(zone => zone.value === props.value)
      ? known
      : [{ value: props.value, label: props.value }, ...known]
  }, [props.value])
  return (
    <Select
      label={props.label ?? t("zone.label")}
      description={t("zone.text")}
      searchable
      allowDeselect={false}
      limit={60}
      nothingFoundMessage={t("zone.none")}
      data={zones}
      value={props.value}
      onChange={zone => zone && props.onChange(zone)}
      error={props.error}
    />
  )
}
