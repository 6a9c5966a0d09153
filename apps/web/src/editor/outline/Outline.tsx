import { ActionIcon, Tooltip, VisuallyHidden } from "@mantine/core"
import {
  IconAlertTriangle,
  IconCircleX,
  IconCornerDownRight,
  IconLink,
  IconPlus,
  IconTrash,
} from "@tabler/icons-react"
import { describeNode } from "@viaggio/journey-model"
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from "react"
import { useTranslation } from "react-i18next"
import { useSentence } from "../../app/sentence.ts"
import { useNodeStats } from "../../live/live-context.ts"
import { familyOf, iconOf } from "../../node-types/registry.ts"
import { sayTemplates, useNodeWords } from "../../node-types/words.ts"
import { type CanvasStore, useCanvasState, useCanvasStore } from "../canvas/canvas-store.ts"
import { useRefusal } from "../canvas/use-refusal.ts"
import { cardElementId } from "../graph/card-element.ts"
import { graphOf } from "../graph/graph-index.ts"
import { editKey, openPickerAfter } from "../keyboard/edit-keys.ts"
import { isInField } from "../keyboard/in-field.ts"
import { deleteSelected } from "../session/commands.ts"
import { useSession, useSessionState } from "../session/session-context.ts"
import classes from "./outline.module.css"
import { type OutlineRow, outlineRows } from "./outline-rows.ts"

/** The journey as an indented list: the same steps, commands and undo as on the canvas. */
export function Outline() {
  const { t } = useTranslation("editor")
  const session = useSession()
  const canvas = useCanvasStore()
  const journey = useSessionState(state => state.history.journey)
  const active = useSessionState(state => state.active)
  const rows = useMemo(() => outlineRows(journey), [journey])
  const [way, setWay] = useState<string | undefined>()
  const list = useRef<HTMLDivElement>(null)
  const isAt = (row: OutlineRow) => row.key === (way ?? active)
  const at = rows.findIndex(isAt)
  useEffect(() => {
    if (active !== undefined) setWay(undefined)
  }, [active])
  useEffect(() => {
    list.current?.querySelector("[data-at-row]")?.scrollIntoView({ block: "nearest" })
  })
  const goTo = (row: OutlineRow | undefined) => {
    if (!row) return
    if (row.kind === "node") {
      setWay(undefined)
      session.select({ nodes: [row.id] }, { inspect: false })
    } else setWay(row.key)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (isInField(event.target as Element)) return
    const row = rows[at]
    const isHandled =
      walkKey(event) || (row?.kind === "way" ? wayKey(event, row) : editKey(session, canvas, event))
    if (!isHandled) return
    event.preventDefault()
    event.stopPropagation()
  }
  function walkKey(event: KeyboardEvent): boolean {
    if (event.ctrlKey || event.metaKey || event.altKey) return false
    const last = rows.length - 1
    switch (event.key) {
      case "ArrowDown":
        goTo(rows[Math.min(at + 1, last)])
        return true
      case "ArrowUp":
        goTo(rows[Math.max(at - 1, 0)])
        return true
      case "Home":
        goTo(rows[0])
        return true
      case "End":
        goTo(rows[last])
        return true
      default:
        return false
    }
  }
  function wayKey(event: KeyboardEvent, row: Extract<OutlineRow, { kind: "way" }>): boolean {
    if (event.ctrlKey || event.metaKey || event.altKey) return false
    const isLook = event.key === "Escape" || (event.key === "Enter" && row.jump !== undefined)
    if (session.readOnly && !isLook) return false
    switch (event.key) {
      case "Tab":
        if (event.shiftKey) return false
        openAtWay(canvas, row)
        return true
      case "Enter":
        if (row.jump === undefined) openAtWay(canvas, row)
        else session.focusOn({ node: row.jump })
        return true
      case "e":
      case "E":
        canvas.setState({ connectFrom: row.from })
        return true
      case "Delete":
      case "Backspace":
        if (!row.open) session.select({ nodes: [], edge: row.key })
        if (!row.open) deleteSelected(session, { heal: false })
        return true
      case "Escape":
        setWay(undefined)
        return true
      default:
        return false
    }
  }
  return (
    <div className={classes.area}>
      <div
        ref={list}
        className={classes.outline}
        role="tree"
        aria-label={t("outline.label")}
        aria-describedby="outline-help"
        aria-activedescendant={at < 0 ? undefined : rowElementId(rows[at])}
        tabIndex={0}
        data-journey-outline
        onKeyDown={onKeyDown}
      >
        {rows.map(row =>
          row.kind === "node" ? (
            <NodeRow key={row.key} row={row} isAt={isAt(row)} onChoose={() => goTo(row)} />
          ) : (
            <WayRow key={row.key} row={row} isAt={isAt(row)} onChoose={() => goTo(row)} />
          ),
        )}
      </div>
      <p id="outline-help" className={classes.help}>
        {t("outline.help")}
      </p>
    </div>
  )
}

const rowElementId = (row: OutlineRow | undefined): string =>
  row?.kind === "way" ? `way-${row.key}` : cardElementId(row?.id ?? "")

function openAtWay(canvas: CanvasStore, row: Extract<OutlineRow, { kind: "way" }>): void {
  const box = document.getElementById(rowElementId(row))?.getBoundingClientRect()
  canvas.setState({
    picker: {
      x: box ? box.left + 190 : window.innerWidth / 2,
      y: box ? box.bottom : window.innerHeight / 3,
      target: { kind: row.open ? "after" : "edge", from: row.from, outcome: row.outcome },
    },
  })
}

type RowProps<Kind extends OutlineRow["kind"]> = {
  row: Extract<OutlineRow, { kind: Kind }>
  isAt: boolean
  onChoose: () => void
}

const indentPx = 26

function NodeRow({ row, isAt, onChoose }: RowProps<"node">) {
  const { t } = useTranslation("editor")
  const session = useSession()
  const canvas = useCanvasStore()
  const refuse = useRefusal()
  const say = useSentence()
  const words = useNodeWords()
  const node = useSessionState(state => graphOf(state.history.journey).nodes.get(row.id))
  const selected = useSessionState(state => state.selection.nodes.includes(row.id))
  const shown = useSessionState(state => state.shownPath.includes(row.id))
  const found = useCanvasState(state => state.found.has(row.id))
  const problems = useSessionState(state => state.problemsByNode.get(row.id))
  const inside = useNodeStats(row.id)?.inside
  if (!node) return null
  const Icon = iconOf(node.type)
  const isError = problems?.some(({ severity }) => severity === "error")
  const hasWayOut = (graphOf(session.journey()).outcomes.get(row.id) ?? []).length > 0
  const name = words.nodeName(node)
  return (
    <div
      id={cardElementId(row.id)}
      role="treeitem"
      tabIndex={-1}
      aria-level={row.level}
      aria-selected={selected}
      className={classes.row}
      style={{
        paddingLeft: 10 + indentPx * (row.level - 1),
        ["--family" as string]: `var(--family-${familyOf(node.type)})`,
        ["--family-soft" as string]: `var(--family-${familyOf(node.type)}-soft)`,
      }}
      data-node={row.id}
      data-at-row={isAt || undefined}
      data-found={found || undefined}
      data-shown={shown || undefined}
      onClick={event => {
        if (event.shiftKey || event.ctrlKey || event.metaKey) {
          const { nodes } = session.store.getState().selection
          session.select({ nodes: selected ? nodes.filter(id => id !== row.id) : [...nodes, row.id] })
        } else {
          onChoose()
          session.show("inspector", true)
        }
      }}
      onKeyDown={() => {}}
    >
      <span className={classes.icon} aria-hidden>
        <Icon size={16} stroke={1.8} />
      </span>
      <span className={classes.name}>{name}</span>
      <span className={classes.sentence}>{sayTemplates(say(describeNode(node)))}</span>
      {problems && problems.length > 0 && (
        <span className={classes.badge} data-severity={isError ? "error" : "warning"}>
          {isError ? <IconCircleX size={14} aria-hidden /> : <IconAlertTriangle size={14} aria-hidden />}
          <VisuallyHidden>
            {t(isError ? "card.errors" : "card.warnings", { count: problems.length })}
          </VisuallyHidden>
        </span>
      )}
      {inside !== undefined && <span className={`${classes.inside} numbers`}>{inside}</span>}
      <span className={classes.tools}>
        {hasWayOut && (
          <Tool
            label={t("outline.insertAfter", { name })}
            onClick={() => openPickerAfter(session, canvas, row.id)}
          >
            <IconPlus size={14} aria-hidden />
          </Tool>
        )}
        {hasWayOut && (
          <Tool
            label={t("outline.connect", { name })}
            onClick={() => canvas.setState({ connectFrom: row.id })}
          >
            <IconLink size={14} aria-hidden />
          </Tool>
        )}
        {node.type !== "event-entry" && (
          <Tool
            label={t("outline.remove", { name })}
            onClick={() => {
              session.select({ nodes: [row.id] }, { inspect: false })
              const refusal = deleteSelected(session, { heal: true })
              if (refusal) refuse(refusal)
            }}
          >
            <IconTrash size={14} aria-hidden />
          </Tool>
        )}
      </span>
    </div>
  )
}

function Tool(props: { label: string; onClick: () => void; children: React.ReactNode }) {
  const { readOnly } = useSession()
  if (readOnly) return null
  return (
    <Tooltip label={props.label}>
      <ActionIcon
        size="sm"
        variant="subtle"
        color="gray"
        tabIndex={-1}
        aria-label={props.label}
        onClick={event => {
          event.stopPropagation()
          props.onClick()
        }}
      >
        {props.children}
      </ActionIcon>
    </Tooltip>
  )
}

function WayRow({ row, isAt, onChoose }: RowProps<"way">) {
  const { t } = useTranslation("editor")
  const session = useSession()
  const canvas = useCanvasStore()
  const words = useNodeWords()
  const graph = useSessionState(state => graphOf(state.history.journey))
  const from = graph.nodes.get(row.from)
  const jump = row.jump === undefined ? undefined : graph.nodes.get(row.jump)
  const name = from ? words.outcomeName(from, row.outcome) : row.outcome
  return (
    <div
      id={rowElementId(row)}
      role="treeitem"
      tabIndex={-1}
      aria-level={row.level}
      aria-selected={isAt}
      className={classes.way}
      style={{ paddingLeft: 10 + indentPx * (row.level - 1) }}
      data-way={row.key}
      data-at-row={isAt || undefined}
      onClick={onChoose}
      onKeyDown={() => {}}
    >
      <IconCornerDownRight size={14} aria-hidden />
      <span>{name}</span>
      {row.open && !session.readOnly && (
        <button
          type="button"
          tabIndex={-1}
          className={classes.add}
          onClick={event => {
            event.stopPropagation()
            openAtWay(canvas, row)
          }}
        >
          <IconPlus size={12} aria-hidden />
          {t("outline.addHere")}
        </button>
      )}
      {jump && (
        <button
          type="button"
          tabIndex={-1}
          className={classes.add}
          onClick={event => {
            event.stopPropagation()
            session.focusOn({ node: jump.id })
          }}
        >
          {t("outline.goesTo", { name: words.nodeName(jump) })}
        </button>
      )}
    </div>
  )
}
