import { NumberInput, Select } from "@mantine/core"
import type { Where } from "@viaggio/journey-model"
import { type ReactNode, useContext } from "react"
import { useTranslation } from "react-i18next"
import { AttributeField, ContextField, EventField, PropertyField } from "../fields/CatalogueField.tsx"
import { EntryEventContext, type KnownField, propertiesOf, useCatalogue } from "../fields/catalogue.ts"
import { DurationField } from "../fields/DurationField.tsx"
import classes from "./conditions.module.css"
import {
  comparisonOf,
  isNegatable,
  type Leaf,
  type Operator,
  operatorsFor,
  type Tree,
  withOperator,
} from "./tree.ts"
import { ValueField } from "./ValueField.tsx"

type LeafProps<L extends Leaf = Leaf> = {
  leaf: L
  negated: boolean
  /** The event whose properties `property` leaves ask for. */
  event: string
  onChange: (leaf: Leaf, negated: boolean) => void
  /** How a nested `where` is edited; given in so that rows and groups do not import each other. */
  renderWhere: (
    where: Where | undefined,
    event: string,
    onChange: (where: Tree | undefined) => void,
  ) => ReactNode
}

/** One question of a condition, written as a sentence with fields in it. */
export function LeafRow(props: LeafProps) {
  const { leaf } = props
  switch (leaf.kind) {
    case "profile":
    case "entry":
    case "context":
    case "property":
      return <PathLeaf {...props} leaf={leaf} />
    case "event-count":
      return <EventCountLeaf {...props} leaf={leaf} />
    case "event-time":
      return <EventTimeLeaf {...props} leaf={leaf} />
  }
}

function PathLeaf(props: LeafProps<Extract<Leaf, { path: string }>>) {
  const { t } = useTranslation("editor")
  const { leaf, negated, onChange } = props
  const catalogue = useCatalogue()
  const entryEvent = useContext(EntryEventContext)
  const event = leaf.kind === "entry" ? entryEvent : props.event
  const fields: readonly KnownField[] =
    leaf.kind === "profile"
      ? catalogue.attributes
      : leaf.kind === "context"
        ? []
        : propertiesOf(catalogue, event)
  const known = fields.find(field => field.path === leaf.path)
  const setPath = (path: string) => onChange({ ...leaf, path } as Leaf, negated)
  const field = {
    label: t(`conditions.paths.${leaf.kind}`),
    hideLabel: true,
    className: classes.grow,
    value: leaf.path,
    onChange: setPath,
  }
  return (
    <>
      {leaf.kind === "profile" ? (
        <AttributeField {...field} />
      ) : leaf.kind === "context" ? (
        <ContextField {...field} />
      ) : (
        <PropertyField {...field} event={event} />
      )}
      <ComparisonFields
        leaf={leaf}
        negated={negated}
        known={known}
        onChange={(comparison, not) =>
          onChange({ kind: leaf.kind, path: leaf.path, ...comparison } as Leaf, not)
        }
      />
    </>
  )
}

/** Operator and value. "is not" is the same operator with a `not` around the leaf. */
function ComparisonFields(props: {
  leaf: Extract<Leaf, { is: Operator }>
  negated: boolean
  known: KnownField | undefined
  operators?: readonly Operator[]
  onChange: (comparison: ReturnType<typeof comparisonOf>, negated: boolean) => void
}) {
  const { t } = useTranslation("editor")
  const comparison = comparisonOf(props.leaf)
  const offered = props.operators ?? operatorsFor(props.known?.type)
  const operators = offered.includes(comparison.is) ? offered : [comparison.is, ...offered]
  const data = operators.flatMap(is => [
    { value: is as string, label: t(`conditions.operators.${is}`) },
    ...(isNegatable(is)
      ? [{ value: `not ${is}`, label: t(`conditions.negated.${is}`) }]
      : props.negated && is === comparison.is
        ? [{ value: `not ${is}`, label: t("conditions.not", { operator: t(`conditions.operators.${is}`) }) }]
        : []),
  ])
  return (
    <>
      <Select
        size="xs"
        w={138}
        allowDeselect={false}
        aria-label={t("conditions.operator")}
        comboboxProps={{ width: 180, position: "bottom-start" }}
        data={data}
        value={props.negated ? `not ${comparison.is}` : comparison.is}
        onChange={value => {
          if (!value) return
          const not = value.startsWith("not ")
          const is = (not ? value.slice(4) : value) as Operator
          props.onChange(withOperator(comparison, is), not)
        }}
      />
      <ValueField
        comparison={comparison}
        known={props.known}
        onChange={next => props.onChange(next, props.negated)}
      />
    </>
  )
}

const countModes = ["at-least", "at-most", "exactly", "never"] as const
type CountMode = (typeof countModes)[number]

function countModeOf(leaf: { atLeast?: number; atMost?: number }): CountMode {
  if (leaf.atLeast === undefined) return leaf.atMost === 0 ? "never" : "at-most"
  return leaf.atMost === leaf.atLeast ? "exactly" : "at-least"
}

function EventCountLeaf(props: LeafProps<Extract<Leaf, { kind: "event-count" }>>) {
  const { t } = useTranslation("editor")
  const { leaf, negated } = props
  const set = (next: typeof leaf) => props.onChange(next, negated)
  const mode = countModeOf(leaf)
  const times = leaf.atLeast ?? leaf.atMost ?? 1
  const { atLeast: _least, atMost: _most, ...rest } = leaf
  const setTimes = (nextMode: CountMode, n: number) =>
    set({
      ...rest,
      ...(nextMode === "at-least" || nextMode === "exactly" ? { atLeast: n } : {}),
      ...(nextMode === "never" ? { atMost: 0 } : {}),
      ...(nextMode === "at-most" || nextMode === "exactly" ? { atMost: n } : {}),
    })
  const periodMode =
    leaf.period === undefined ? "ever" : leaf.period === "since-entry" ? "since-entry" : "last"
  const { period: _period, ...withoutPeriod } = leaf
  return (
    <>
      <EventField
        hideLabel
        className={classes.grow}
        label={t("conditions.event")}
        value={leaf.event}
        onChange={event => set({ ...leaf, event })}
      />
      <Select
        size="xs"
        w={104}
        allowDeselect={false}
        aria-label={t("conditions.howOften")}
        data={countModes.map(value => ({ value, label: t(`conditions.counts.${value}`) }))}
        value={mode}
        onChange={value => value && setTimes(value as CountMode, Math.max(times, 1))}
      />
      {mode !== "never" && (
        <NumberInput
          size="xs"
          w={92}
          min={mode === "at-most" ? 0 : 1}
          aria-label={t("conditions.times")}
          suffix={t("conditions.timesSuffix")}
          value={times}
          onChange={value => setTimes(mode, Number(value) || 0)}
        />
      )}
      <Select
        size="xs"
        w={138}
        allowDeselect={false}
        aria-label={t("conditions.period")}
        data={(["ever", "last", "since-entry"] as const).map(value => ({
          value,
          label: t(`conditions.periods.${value}`),
        }))}
        value={periodMode}
        onChange={value =>
          set(
            value === "ever" ? withoutPeriod : { ...leaf, period: value === "last" ? "P30D" : "since-entry" },
          )
        }
      />
      {periodMode === "last" && (
        <DurationField
          hideLabel
          label={t("conditions.period")}
          value={leaf.period ?? "P30D"}
          onChange={period => set({ ...leaf, period })}
        />
      )}
      {props.renderWhere(leaf.where, leaf.event, where => {
        const { where: _where, ...bare } = leaf
        set(where === undefined ? bare : { ...bare, where: where as Where })
      })}
    </>
  )
}

const timeOperators: readonly Operator[] = ["within-last", "before", "after", "exists", "missing"]

function EventTimeLeaf(props: LeafProps<Extract<Leaf, { kind: "event-time" }>>) {
  const { t } = useTranslation("editor")
  const { leaf, negated, onChange } = props
  return (
    <>
      <Select
        size="xs"
        w={120}
        allowDeselect={false}
        aria-label={t("conditions.which")}
        data={(["first", "last"] as const).map(value => ({
          value,
          label: t(`conditions.whichEvent.${value}`),
        }))}
        value={leaf.which}
        onChange={value => value && onChange({ ...leaf, which: value as "first" | "last" }, negated)}
      />
      <EventField
        hideLabel
        className={classes.grow}
        label={t("conditions.event")}
        value={leaf.event}
        onChange={event => onChange({ ...leaf, event }, negated)}
      />
      <ComparisonFields
        leaf={leaf}
        negated={negated}
        known={undefined}
        operators={timeOperators}
        onChange={(comparison, not) =>
          onChange({ kind: "event-time", event: leaf.event, which: leaf.which, ...comparison }, not)
        }
      />
    </>
  )
}
