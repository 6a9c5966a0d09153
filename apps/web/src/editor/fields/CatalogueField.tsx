import { Autocomplete, Group, Text } from "@mantine/core"
import { useContext, useMemo } from "react"
import { useTranslation } from "react-i18next"
import { EntryEventContext, type KnownField, propertiesOf, useCatalogue } from "./catalogue.ts"
import { useContextNames } from "./context-names.ts"

/** What every field over the catalogue takes. `at` is its place in the node's config, as a JSON Pointer. */
export type CatalogueFieldProps = {
  value: string
  onChange: (value: string) => void
  label: string
  hideLabel?: boolean
  at?: string
  error?: string | undefined
  className?: string | undefined
}

type Option = { value: string; type?: string; detail: string }

/** A combobox over what is known that takes any other text as well. */
function CatalogueField(props: CatalogueFieldProps & { options: readonly Option[]; hint?: string }) {
  const { t } = useTranslation("editor")
  const byValue = useMemo(() => new Map(props.options.map(option => [option.value, option])), [props.options])
  const unknown = props.value !== "" && props.options.length > 0 && !byValue.has(props.value)
  return (
    <Autocomplete
      size="xs"
      {...(props.hideLabel ? { "aria-label": props.label } : { label: props.label })}
      value={props.value}
      onChange={props.onChange}
      data={[...byValue.keys()]}
      limit={50}
      maxDropdownHeight={260}
      className={props.className ?? ""}
      placeholder={t("fields.chooseOrType")}
      comboboxProps={{ width: 300, position: "bottom-start", shadow: "md" }}
      data-at={props.at}
      error={props.error}
      description={unknown && !props.hideLabel ? (props.hint ?? t("fields.notSeen")) : undefined}
      inputWrapperOrder={["label", "input", "description", "error"]}
      renderOption={({ option }) => {
        const known = byValue.get(option.value)
        return (
          <div style={{ minWidth: 0, flex: 1 }}>
            <Group justify="space-between" wrap="nowrap" gap="xs">
              <Text size="xs" truncate>
                {option.value}
              </Text>
              {known?.type && (
                <Text size="xs" c="var(--ink-soft)" style={{ flexShrink: 0 }}>
                  {isKnownType(known.type) ? t(`fields.types.${known.type}`) : known.type}
                </Text>
              )}
            </Group>
            {known?.detail && (
              <Text size="xs" c="var(--ink-soft)" truncate>
                {known.detail}
              </Text>
            )}
          </div>
        )
      }}
    />
  )
}

const knownTypes = ["text", "number", "boolean", "date", "list", "object", "mixed"] as const
const isKnownType = (type: string): type is (typeof knownTypes)[number] =>
  (knownTypes as readonly string[]).includes(type)

const toOption = (field: KnownField): Option => ({
  value: field.path,
  type: field.type,
  detail: field.samples
    .map(sample => (typeof sample === "string" ? sample : JSON.stringify(sample)))
    .join(" · ")
    .slice(0, 120),
})

/** Chooses an event name. */
export function EventField(props: CatalogueFieldProps) {
  const { t } = useTranslation("editor")
  const { events } = useCatalogue()
  const options = useMemo(
    () =>
      events.map(event => ({
        value: event.name,
        detail: t("fields.eventSeen", {
          count: event.count,
          properties: event.properties.map(property => property.path).join(", "),
        }),
      })),
    [events, t],
  )
  return <CatalogueField {...props} options={options} />
}

/** Chooses a property path of an event. */
export function PropertyField({ event, ...props }: CatalogueFieldProps & { event: string }) {
  const catalogue = useCatalogue()
  const options = useMemo(() => propertiesOf(catalogue, event).map(toOption), [catalogue, event])
  return <CatalogueField {...props} options={options} />
}

/** Chooses a property path of the event that starts the journey. */
export function EntryPropertyField(props: CatalogueFieldProps) {
  return <PropertyField {...props} event={useContext(EntryEventContext)} />
}

/** Chooses a value that a step before has kept. */
export function ContextField(props: CatalogueFieldProps) {
  const { t } = useTranslation("editor")
  const names = useContextNames()
  const options = useMemo(() => names.map(value => ({ value, detail: "" })), [names])
  return <CatalogueField {...props} options={options} hint={t("fields.notKept")} />
}

/** Chooses a profile attribute. */
export function AttributeField(props: CatalogueFieldProps) {
  const { attributes } = useCatalogue()
  const options = useMemo(() => attributes.map(toOption), [attributes])
  return <CatalogueField {...props} options={options} />
}
