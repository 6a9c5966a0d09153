import { ActionIcon, Button, Group, Menu, Select } from "@mantine/core"
import { IconPlus, IconTrash } from "@tabler/icons-react"
import { type Condition, describeCondition, describeWhere, type Where } from "@viaggio/journey-model"
import { useTranslation } from "react-i18next"
import { useSentence } from "../../app/sentence.ts"
import { useContextNames } from "../fields/context-names.ts"
import classes from "./conditions.module.css"
import { LeafRow } from "./LeafRow.tsx"
import { MatchingNow } from "./MatchingNow.tsx"
import {
  conditionKinds,
  emptyLeaf,
  fromGroup,
  isGroup,
  type Leaf,
  type LeafKind,
  negate,
  peel,
  type Tree,
  toGroup,
  whereKinds,
} from "./tree.ts"

// The document allows depth 8; a screen that nests deeper than this is not read by anybody.
const deepestOffered = 4

type BuilderProps = {
  tree: Tree | undefined
  onChange: (tree: Tree | undefined) => void
  kinds: readonly LeafKind[]
  event: string
  label: string
  depth?: number
}

/** Edits a condition on the customer; undefined asks nothing. */
export function ConditionField(props: {
  value: Condition | undefined
  onChange: (value: Condition | undefined) => void
  label: string
  at?: string
}) {
  const hasContext = useContextNames().length > 0
  const say = useSentence()
  return (
    <div data-at={props.at}>
      {props.value && !isEmpty(props.value) && (
        <>
          <p className={classes.sentence} data-condition-sentence>
            {say(describeCondition(props.value))}
          </p>
          <MatchingNow condition={props.value} />
        </>
      )}
      <Builder
        tree={props.value}
        onChange={tree => props.onChange(tree as Condition | undefined)}
        kinds={hasContext ? [...conditionKinds, "context"] : conditionKinds}
        event=""
        label={props.label}
      />
    </div>
  )
}

/** Edits a condition on the properties of `event`; undefined takes every such event. */
export function WhereField(props: {
  value: Where | undefined
  onChange: (value: Where | undefined) => void
  event: string
  label: string
  at?: string
}) {
  const say = useSentence()
  return (
    <div data-at={props.at}>
      {props.value && !isEmpty(props.value) && (
        <p className={classes.sentence} data-condition-sentence>
          {say(describeWhere(props.value))}
        </p>
      )}
      <Builder
        tree={props.value}
        onChange={tree => props.onChange(tree as Where | undefined)}
        kinds={whereKinds}
        event={props.event}
        label={props.label}
      />
    </div>
  )
}

/** A group without anything in it asks nothing, so there is nothing to say. */
const isEmpty = (tree: Tree): boolean => (tree.kind === "all" || tree.kind === "any") && tree.of.length === 0

function Builder(props: BuilderProps) {
  const { t } = useTranslation("editor")
  const group = toGroup(props.tree)
  const depth = props.depth ?? 1
  const write = (next: Partial<typeof group>) => props.onChange(fromGroup({ ...group, ...next }))
  const replace = (at: number, item: Tree | undefined) =>
    write({ items: group.items.flatMap((each, index) => (index === at ? (item ? [item] : []) : [each])) })
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset brings a legend and a frame that nest badly
    <div role="group" aria-label={props.label} className={classes.group}>
      {group.items.length > 1 || group.negated || group.mode === "any" ? (
        <Select
          size="xs"
          w={190}
          allowDeselect={false}
          aria-label={t("conditions.mode")}
          data={(["all", "any", "none", "not-all"] as const).map(value => ({
            value,
            label: t(`conditions.modes.${value}`),
          }))}
          value={group.negated ? (group.mode === "any" ? "none" : "not-all") : group.mode}
          onChange={value =>
            write({
              mode: value === "any" || value === "none" ? "any" : "all",
              negated: value === "none" || value === "not-all",
            })
          }
        />
      ) : null}
      {group.items.map((item, index) => {
        const { negated, inner } = peel(item)
        const remove = () => replace(index, undefined)
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity of their own in the document
          <div key={index} className={classes.row}>
            <div className={classes.fields}>
              {isGroup(inner) ? (
                <Builder
                  {...props}
                  depth={depth + 1}
                  tree={item}
                  label={t("conditions.group")}
                  onChange={tree => replace(index, tree)}
                />
              ) : (
                <LeafFields
                  leaf={inner}
                  negated={negated}
                  props={props}
                  onChange={(leaf, not) => replace(index, negate(leaf, not))}
                />
              )}
            </div>
            <ActionIcon
              size="sm"
              variant="subtle"
              color="gray"
              onClick={remove}
              aria-label={t("conditions.remove", { position: index + 1 })}
            >
              <IconTrash size={14} aria-hidden />
            </ActionIcon>
          </div>
        )
      })}
      <Group gap={4}>
        <AddButton
          kinds={props.kinds}
          isFirst={group.items.length === 0}
          onAdd={kind => write({ items: [...group.items, emptyLeaf(kind)] })}
        />
        {group.items.length > 0 && depth < deepestOffered && (
          <Button
            size="compact-xs"
            variant="subtle"
            color="gray"
            onClick={() =>
              write({
                items: [
                  ...group.items,
                  { kind: "any", of: [emptyLeaf(props.kinds[0] ?? "profile")] } as Tree,
                ],
              })
            }
          >
            {t("conditions.addGroup")}
          </Button>
        )}
      </Group>
    </div>
  )
}

function LeafFields({
  leaf,
  negated,
  props,
  onChange,
}: {
  leaf: Leaf
  negated: boolean
  props: BuilderProps
  onChange: (leaf: Leaf, negated: boolean) => void
}) {
  const { t } = useTranslation("editor")
  return (
    <>
      {props.kinds.length > 1 && (
        <Select
          size="xs"
          w={146}
          allowDeselect={false}
          aria-label={t("conditions.kind")}
          comboboxProps={{ width: 220, position: "bottom-start" }}
          data={[...new Set([...props.kinds, leaf.kind])].map(value => ({
            value,
            label: t(`conditions.kinds.${value}`),
          }))}
          value={leaf.kind}
          onChange={value => value && value !== leaf.kind && onChange(emptyLeaf(value as LeafKind), false)}
        />
      )}
      <LeafRow
        leaf={leaf}
        negated={negated}
        event={props.event}
        onChange={onChange}
        renderWhere={(where, event, change) => (
          <Builder
            tree={where}
            onChange={change}
            kinds={whereKinds}
            event={event}
            label={t("conditions.where", { event })}
            depth={(props.depth ?? 1) + 1}
          />
        )}
      />
    </>
  )
}

function AddButton(props: { kinds: readonly LeafKind[]; isFirst: boolean; onAdd: (kind: LeafKind) => void }) {
  const { t } = useTranslation("editor")
  const only = props.kinds.length === 1 ? props.kinds[0] : undefined
  const button = {
    size: "compact-xs",
    variant: "subtle",
    leftSection: <IconPlus size={12} aria-hidden />,
  } as const
  if (only)
    return (
      <Button {...button} onClick={() => props.onAdd(only)}>
        {props.isFirst ? t(`conditions.add.${only}`) : t("conditions.addAny")}
      </Button>
    )
  return (
    <Menu position="bottom-start" shadow="md">
      <Menu.Target>
        <Button {...button}>{t("conditions.addAny")}</Button>
      </Menu.Target>
      <Menu.Dropdown>
        {props.kinds.map(kind => (
          <Menu.Item key={kind} onClick={() => props.onAdd(kind)}>
            {t(`conditions.kinds.${kind}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
