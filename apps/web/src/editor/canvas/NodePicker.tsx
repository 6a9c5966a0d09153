import { Select, TextInput } from "@mantine/core"
import { useClickOutside } from "@mantine/hooks"
import type { NodeType } from "@viaggio/journey-model"
import { useId, useMemo, useState } from "react"
import { createPortal } from "react-dom"
import { useTranslation } from "react-i18next"
import { familyOf, iconOf, insertableTypes } from "../../node-types/registry.ts"
import { useNodeWords } from "../../node-types/words.ts"
import { graphOf } from "../graph/graph-index.ts"
import { insertNode } from "../session/commands.ts"
import { useSession, useSessionState } from "../session/session-context.ts"
import { type PickerRequest, useCanvasState, useCanvasStore } from "./canvas-store.ts"
import classes from "./picker.module.css"
import { useRefusal } from "./use-refusal.ts"

const width = 300
const height = 430

/** The searchable list of node types that "+", Tab and a connection into nothing open. */
export function NodePicker({ onClosed }: { onClosed: () => void }) {
  const request = useCanvasState(state => state.picker)
  return request ? <OpenPicker key={JSON.stringify(request)} request={request} onClosed={onClosed} /> : null
}

function OpenPicker({ request, onClosed }: { request: PickerRequest; onClosed: () => void }) {
  const { t } = useTranslation("editor")
  const session = useSession()
  const canvas = useCanvasStore()
  const refuse = useRefusal()
  const words = useNodeWords()
  const listId = useId()
  const [search, setSearch] = useState("")
  const [at, setAt] = useState(0)
  const [target, setTarget] = useState(request.target)
  const close = () => {
    canvas.setState({ picker: undefined })
    onClosed()
  }
  const ref = useClickOutside(close)
  const found = useFoundTypes(search)
  const choose = (type: NodeType | undefined) => {
    if (!type) return
    canvas.setState({ picker: undefined })
    const refusal = insertNode(session, target, type)
    if (refusal) refuse(refusal)
  }
  const move = (step: number) => setAt(now => (now + step + found.length) % Math.max(found.length, 1))
  return createPortal(
    <div
      ref={ref}
      role="dialog"
      aria-label={t("picker.title")}
      className={classes.picker}
      style={{
        left: Math.max(8, Math.min(request.x - width / 2, window.innerWidth - width - 8)),
        top: Math.max(8, Math.min(request.y + 6, window.innerHeight - height - 8)),
        width,
      }}
      onKeyDown={event => {
        if (event.key === "Escape") {
          event.stopPropagation()
          close()
        }
      }}
    >
      {target.kind !== "free" && <OutcomeChoice target={target} onChange={setTarget} />}
      <TextInput
        data-autofocus
        autoFocus
        size="sm"
        role="combobox"
        aria-expanded
        aria-controls={listId}
        aria-activedescendant={found[at] ? `${listId}-${found[at]}` : undefined}
        aria-label={t("picker.search")}
        placeholder={t("picker.search")}
        value={search}
        onChange={event => {
          setSearch(event.currentTarget.value)
          setAt(0)
        }}
        onKeyDown={event => {
          if (event.key === "ArrowDown") move(1)
          else if (event.key === "ArrowUp") move(-1)
          else if (event.key === "Enter") choose(found[at])
          else return
          event.preventDefault()
        }}
      />
      <div role="listbox" id={listId} aria-label={t("picker.title")} className={classes.list}>
        {found.map((type, index) => {
          const Icon = iconOf(type)
          return (
            <div
              key={type}
              id={`${listId}-${type}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === at}
              className={classes.option}
              data-type={type}
              onPointerMove={() => setAt(index)}
              onClick={() => choose(type)}
              onKeyDown={() => {}}
            >
              <span
                className={classes.icon}
                style={{
                  color: `var(--family-${familyOf(type)})`,
                  background: `var(--family-${familyOf(type)}-soft)`,
                }}
                aria-hidden
              >
                <Icon size={18} stroke={1.8} />
              </span>
              <span>
                <span className={classes.name}>{words.typeName(type)}</span>
                <span className={classes.about}>{words.typeAbout(type)}</span>
              </span>
            </div>
          )
        })}
        {found.length === 0 && <div className={classes.none}>{t("picker.none")}</div>}
      </div>
    </div>,
    document.body,
  )
}

type Attached = Exclude<PickerRequest["target"], { kind: "free" }>

/** Which way out the new node stands behind; shown where there is a choice. */
function OutcomeChoice({ target, onChange }: { target: Attached; onChange: (target: Attached) => void }) {
  const { t } = useTranslation("editor")
  const words = useNodeWords()
  const graph = useSessionState(state => graphOf(state.history.journey))
  const node = graph.nodes.get(target.from)
  const outcomes = graph.outcomes.get(target.from) ?? []
  if (!node || outcomes.length < 2) return null
  return (
    <Select
      size="xs"
      mb={6}
      label={t("picker.after")}
      allowDeselect={false}
      comboboxProps={{ withinPortal: false }}
      data={outcomes.map(outcome => ({ value: outcome, label: words.outcomeName(node, outcome) }))}
      value={target.outcome}
      onChange={outcome => {
        if (!outcome) return
        const connected = graph.out.get(target.from)?.has(outcome)
        onChange({ kind: connected ? "edge" : "after", from: target.from, outcome })
      }}
    />
  )
}

function useFoundTypes(search: string): readonly NodeType[] {
  const words = useNodeWords()
  return useMemo(() => {
    const asked = search.trim().toLocaleLowerCase()
    return insertableTypes.filter(type =>
      `${words.typeName(type)} ${words.typeAbout(type)} ${type}`.toLocaleLowerCase().includes(asked),
    )
  }, [search, words])
}
