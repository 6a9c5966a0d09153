import { Select } from "@mantine/core"
import { useDebouncedValue } from "@mantine/hooks"
import { keepPreviousData, useQuery } from "@tanstack/react-query"
import { useState } from "react"
import { useTranslation } from "react-i18next"
import { useApi } from "../../app/api.ts"

const offered = 20

export type ChosenCustomer = { id: string; label: string }

/** A customer by name, e-mail or user id; none is the made-up one with sample values. */
export function CustomerPicker(props: {
  chosen: ChosenCustomer | undefined
  onChoose: (customer: ChosenCustomer | undefined) => void
}) {
  const { t } = useTranslation("editor")
  const api = useApi()
  const { chosen } = props
  const [search, setSearch] = useState(chosen?.label ?? "")
  const [asked] = useDebouncedValue(search === chosen?.label ? "" : search.trim(), 200)
  const found = useQuery(
    api.customers.list.queryOptions(
      { limit: offered, ...(asked === "" ? {} : { search: asked }) },
      { placeholderData: keepPreviousData },
    ),
  )
  const items = (found.data?.items ?? []).map(({ id, name, email, userId }) => ({
    value: id,
    label: [name, email ?? userId].filter(Boolean).join(" · ") || id,
  }))
  const isListed = chosen === undefined || items.some(({ value }) => value === chosen.id)
  return (
    <Select
      size="xs"
      label={t("fields.customer")}
      placeholder={t("fields.sampleCustomer")}
      searchable
      clearable
      clearButtonProps={{ "aria-label": t("fields.sampleCustomer") }}
      comboboxProps={{ withinPortal: true }}
      nothingFoundMessage={t("fields.nobody")}
      // The server has searched already.
      filter={({ options }) => options}
      data={isListed ? items : [{ value: chosen.id, label: chosen.label }, ...items]}
      value={chosen?.id ?? null}
      searchValue={search}
      onSearchChange={setSearch}
      onChange={(id, option) => props.onChoose(id === null ? undefined : { id, label: option?.label ?? id })}
    />
  )
}
