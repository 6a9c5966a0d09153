import { Button, Combobox, InputBase, ScrollArea, SegmentedControl, Stack, useCombobox } from "@mantine/core"
import { IconPlayerPlay } from "@tabler/icons-react"
import type { EventFact, JsonObject } from "@viaggio/journey-model"
import { useEffect, useState } from "react"
import { useTranslation } from "react-i18next"
import classes from "./simulation.module.css"
import { ValueRows } from "./ValueRows.tsx"

/** A customer of the workspace as it is offered in the list. */
export type OfferedCustomer = { id: string; label: string; detail: string }

/** `history`: what they did so far, oldest first. */
export type ChosenCustomer = { id: string; attributes: JsonObject; history: readonly EventFact[] }

/** What the editor hands in: this folder asks no server for anything. */
export type Customers = {
  offered: readonly OfferedCustomer[]
  search: string
  onSearch: (search: string) => void
  /** Undefined until all of it is known. */
  chosen: ChosenCustomer | undefined
  failed: boolean
  onChoose: (id: string) => void
}

/** Who walks, and with which event: a made-up customer, or a copy of a real one with attributes and past. */
export function WalkSetup(props: {
  event: string
  sample: { attributes: JsonObject; properties: JsonObject }
  customers: Customers
  onStart: (start: { customer: ChosenCustomer; properties: JsonObject }) => void
}) {
  const { t } = useTranslation("simulation")
  const { chosen } = props.customers
  const [kind, setKind] = useState<"made-up" | "real">("made-up")
  const real = kind === "real" ? chosen : undefined
  const [attributes, setAttributes] = useState<JsonObject>(props.sample.attributes)
  const [properties, setProperties] = useState<JsonObject>(props.sample.properties)
  useEffect(() => {
    if (real) setAttributes(real.attributes)
  }, [real])
  return (
    <Stack gap="sm">
      <SegmentedControl
        size="xs"
        fullWidth
        aria-label={t("setup.who")}
        data={[
          { value: "made-up", label: t("setup.madeUp") },
          { value: "real", label: t("setup.real") },
        ]}
        value={kind}
        onChange={value => {
          setKind(value as typeof kind)
          if (value === "made-up") setAttributes(props.sample.attributes)
        }}
      />
      {kind === "real" && <CustomerSearch customers={props.customers} />}
      {kind === "real" && props.customers.failed && (
        <p className={classes.problem} role="alert">
          {t("setup.failed")}
        </p>
      )}
      {real && (
        <p className={classes.past} data-walk-past={real.history.length}>
          {t("setup.past", { count: real.history.length })}
        </p>
      )}
      <ValueRows legend={t("setup.attributes")} values={attributes} onChange={setAttributes} />
      <ValueRows
        legend={t("setup.properties", { event: props.event || t("setup.noEvent") })}
        values={properties}
        onChange={setProperties}
      />
      <Button
        size="xs"
        leftSection={<IconPlayerPlay size={14} aria-hidden />}
        disabled={kind === "real" && !real}
        data-walk-start
        onClick={() =>
          props.onStart({
            customer: { id: real?.id ?? "made-up", attributes, history: real?.history ?? [] },
            properties,
          })
        }
      >
        {t("setup.start")}
      </Button>
    </Stack>
  )
}

function CustomerSearch({ customers }: { customers: Customers }) {
  const { t } = useTranslation("simulation")
  const combobox = useCombobox()
  return (
    <Combobox
      store={combobox}
      size="xs"
      onOptionSubmit={id => {
        customers.onChoose(id)
        customers.onSearch(customers.offered.find(each => each.id === id)?.label ?? "")
        combobox.closeDropdown()
      }}
    >
      <Combobox.Target>
        <InputBase
          size="xs"
          label={t("setup.search")}
          value={customers.search}
          onFocus={() => combobox.openDropdown()}
          onBlur={() => combobox.closeDropdown()}
          onChange={event => {
            customers.onSearch(event.currentTarget.value)
            combobox.openDropdown()
          }}
        />
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Options>
          <ScrollArea.Autosize mah={260}>
            {customers.offered.map(each => (
              <Combobox.Option key={each.id} value={each.id}>
                <div className={classes.customer}>{each.label}</div>
                <div className={classes.soft}>{each.detail}</div>
              </Combobox.Option>
            ))}
            {customers.offered.length === 0 && <Combobox.Empty>{t("setup.nobody")}</Combobox.Empty>}
          </ScrollArea.Autosize>
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  )
}
