import { Select } from "@mantine/core"
import { useMemo } from "react"
import { useTranslation } from "react-i18next"
import { realNow } from "../app/now.ts"
import { listZones } from "./zones.ts"

/** A combobox over all zones, found by typing a part of the name. */
export function ZoneSelect(props: {
  value: string
  onChange: (zone: string) => void
  /** Without the line that explains it. */
  brief?: boolean
}) {
  const { t } = useTranslation("ui")
  const zones = useMemo(() => {
    const known = listZones(realNow())
    return known.some(zone => zone.value === props.value)
      ? known
      : [{ value: props.value, label: props.value }, ...known]
  }, [props.value])
  return (
    <Select
      label={t("zone.label")}
      description={props.brief ? undefined : t("zone.text")}
      searchable
      allowDeselect={false}
      limit={60}
      nothingFoundMessage={t("zone.none")}
      data={zones}
      value={props.value}
      onChange={zone => zone && props.onChange(zone)}
    />
  )
}
