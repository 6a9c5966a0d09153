import {
  ActionIcon,
  Autocomplete,
  Group,
  Menu,
  NumberInput,
  Select,
  TagsInput,
  TextInput,
} from "@mantine/core"
import { IconAbc, IconArrowRightSquare, IconNumbers, IconToggleLeft } from "@tabler/icons-react"
import type { Comparison, Operand, Scalar } from "@viaggio/journey-model"
import { useTranslation } from "react-i18next"
import { AttributeField, ContextField, EntryPropertyField } from "../fields/CatalogueField.tsx"
import type { KnownField } from "../fields/catalogue.ts"
import { useContextNames } from "../fields/context-names.ts"
import { DurationField } from "../fields/DurationField.tsx"

type RefKind = "entry" | "profile" | "context"
type ValueKind = "text" | "number" | "boolean" | RefKind

const kindIcons = {
  text: IconAbc,
  number: IconNumbers,
  boolean: IconToggleLeft,
  entry: IconArrowRightSquare,
  profile: IconArrowRightSquare,
  context: IconArrowRightSquare,
} satisfies { [K in ValueKind]: unknown }

function kindOf(value: Operand): ValueKind {
  if (typeof value === "number") return "number"
  if (typeof value === "boolean") return "boolean"
  if (typeof value === "object" && "ref" in value)
    return (["profile", "context"] as const).find(kind => value.ref.startsWith(refs[kind].prefix)) ?? "entry"
  return "text"
}

const refs = {
  entry: { prefix: "entry.properties.", Field: EntryPropertyField },
  profile: { prefix: "profile.", Field: AttributeField },
  context: { prefix: "context.", Field: ContextField },
} satisfies { [K in RefKind]: unknown }

function emptyOf(kind: ValueKind): Operand {
  switch (kind) {
    case "text":
      return ""
    case "number":
      return 0
    case "boolean":
      return true
    case "entry":
    case "profile":
    case "context":
      return { ref: refs[kind].prefix }
  }
}

/** The right side of a comparison: nothing, a list, a duration, or an operand whose kind can be changed. */
export function ValueField(props: {
  comparison: Comparison
  onChange: (comparison: Comparison) => void
  known: KnownField | undefined
}) {
  const { t } = useTranslation("editor")
  const { comparison, onChange } = props
  switch (comparison.is) {
    case "exists":
    case "missing":
      return null
    case "one-of":
      return (
        <TagsInput
          size="xs"
          aria-label={t("conditions.values")}
          miw={150}
          flex={1}
          placeholder={comparison.value.length === 0 ? t("conditions.valuesHint") : ""}
          value={comparison.value.map(String)}
          data={(props.known?.samples ?? []).filter(isScalar).map(String)}
          onChange={values =>
            onChange({ is: "one-of", value: values.map(value => typed(value, props.known)) })
          }
        />
      )
    case "within-last":
    case "within-next":
      return (
        <DurationField
          hideLabel
          label={t("conditions.duration")}
          value={comparison.value}
          onChange={value => onChange({ is: comparison.is, value })}
        />
      )
    default:
      return (
        <OperandField
          value={comparison.value}
          known={props.known}
          onChange={value => onChange({ is: comparison.is, value })}
        />
      )
  }
}

const isScalar = (value: unknown): value is Scalar =>
  typeof value === "string" || typeof value === "number" || typeof value === "boolean"

const typed = (text: string, known: KnownField | undefined): Scalar =>
  known?.type === "number" && text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : text

/** A value of any type, or where it is found. */
export function OperandField(props: {
  value: Operand
  onChange: (value: Operand) => void
  known: KnownField | undefined
  error?: string | undefined
}) {
  const { t } = useTranslation("editor")
  const hasContext = useContextNames().length > 0
  const kind = kindOf(props.value)
  const KindIcon = kindIcons[kind]
  const offered = (Object.keys(kindIcons) as ValueKind[]).filter(each => each !== "context" || hasContext)
  return (
    <Group gap={4} wrap="nowrap" flex={1} miw={150}>
      <OperandInput {...props} kind={kind} />
      <Menu position="bottom-end" shadow="md">
        <Menu.Target>
          <ActionIcon
            variant="subtle"
            color="gray"
            size="sm"
            aria-label={t("conditions.valueKind", { kind: t(`conditions.valueKinds.${kind}`) })}
          >
            <KindIcon size={16} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {offered.map(each => (
            <Menu.Item key={each} onClick={() => each !== kind && props.onChange(emptyOf(each))}>
              {t(`conditions.valueKinds.${each}`)}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </Group>
  )
}

function OperandInput(props: {
  kind: ValueKind
  value: Operand
  onChange: (value: Operand) => void
  known: KnownField | undefined
  error?: string | undefined
}) {
  const { t } = useTranslation("editor")
  const { kind, value, onChange } = props
  const label = t("conditions.value")
  switch (kind) {
    case "number":
      return (
        <NumberInput
          size="xs"
          flex={1}
          aria-label={label}
          value={typeof value === "number" ? value : 0}
          onChange={next => onChange(Number(next) || 0)}
        />
      )
    case "boolean":
      return (
        <Select
          size="xs"
          flex={1}
          aria-label={label}
          allowDeselect={false}
          data={[
            { value: "true", label: t("conditions.yes") },
            { value: "false", label: t("conditions.no") },
          ]}
          value={String(value)}
          onChange={next => onChange(next === "true")}
        />
      )
    case "entry":
    case "profile":
    case "context": {
      const { prefix, Field } = refs[kind]
      const ref = typeof value === "object" && "ref" in value ? value.ref : ""
      return (
        <Field
          hideLabel
          label={t(`conditions.valueKinds.${kind}`)}
          value={ref.startsWith(prefix) ? ref.slice(prefix.length) : ref}
          error={props.error}
          onChange={path => onChange({ ref: prefix + path })}
        />
      )
    }
    case "text": {
      const samples = [...new Set((props.known?.samples ?? []).filter(sample => typeof sample === "string"))]
      const text = Array.isArray(value) ? value.join(", ") : String(value)
      return samples.length > 0 ? (
        <Autocomplete size="xs" flex={1} aria-label={label} value={text} onChange={onChange} data={samples} />
      ) : (
        <TextInput
          size="xs"
          flex={1}
          aria-label={label}
          value={text}
          onChange={event => onChange(event.currentTarget.value)}
        />
      )
    }
  }
}
