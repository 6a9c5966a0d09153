import { Textarea, TextInput } from "@mantine/core"
import { type KeyboardEvent, useId, useLayoutEffect, useRef, useState } from "react"
import { useTranslation } from "react-i18next"
import { complete, typedAt } from "./completion.ts"
import classes from "./fields.module.css"
import { useVariables, type Variable } from "./use-variables.ts"
import { VariableMenu } from "./VariableMenu.tsx"

type Field = HTMLInputElement | HTMLTextAreaElement

const mostShown = 8

/**
 * A text with template tags in it: while a name is typed in a tag, the values that exist at this node are offered.
 * `node`: the one whose message this is. `rows`: least and most lines; without it the field has one.
 */
export function TemplateField(props: {
  node: string
  label: string
  description?: string
  value: string
  at: string
  error: string | undefined
  rows?: readonly [number, number]
  code?: boolean
  links?: boolean
  onChange: (text: string) => void
}) {
  const { t } = useTranslation("editor")
  const { value, onChange, links = false } = props
  const listId = useId()
  const field = useRef<Field | null>(null)
  const variables = useVariables(props.node, { links })
  const [caret, setCaret] = useState<number | undefined>()
  const [at, setAt] = useState(0)
  const wanted = useRef<number | undefined>(undefined)
  const typed = caret === undefined ? undefined : typedAt(value, caret)
  const offered = typed ? offeredFor(variables, typed.asked) : []
  useLayoutEffect(() => {
    if (wanted.current === undefined) return
    field.current?.setSelectionRange(wanted.current, wanted.current)
    wanted.current = undefined
  })
  const write = (text: string, caretAfter: number) => {
    wanted.current = caretAfter
    setCaret(undefined)
    onChange(text)
    field.current?.focus()
  }
  const choose = (variable: Variable | undefined) => {
    if (!typed || !variable) return
    const done = complete(value, typed, variable.path)
    write(done.text, done.caret)
  }
  const insert = (tag: string) => {
    const place = field.current?.selectionStart ?? value.length
    write(value.slice(0, place) + tag + value.slice(place), place + tag.length)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (offered.length === 0) return
    if (event.key === "ArrowDown") setAt(now => (now + 1) % offered.length)
    else if (event.key === "ArrowUp") setAt(now => (now + offered.length - 1) % offered.length)
    else if (event.key === "Enter" || event.key === "Tab") choose(offered[at])
    else if (event.key === "Escape") setCaret(undefined)
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  const follow = (element: Field) => {
    setCaret(element.selectionStart ?? undefined)
    setAt(0)
  }
  const shared = {
    size: "xs",
    label: props.label,
    description: props.description,
    value,
    "data-at": props.at,
    error: props.error,
    spellCheck: !props.code,
    "aria-autocomplete": "list",
    "aria-controls": offered.length > 0 ? listId : undefined,
    "aria-activedescendant": offered[at] ? `${listId}-${at}` : undefined,
    rightSection: <VariableMenu onInsert={insert} {...(links ? { links } : {})} />,
    onKeyDown,
    onBlur: () => setCaret(undefined),
  } as const
  return (
    <div className={classes.template}>
      {props.rows ? (
        <Textarea
          {...shared}
          ref={element => {
            field.current = element
          }}
          autosize
          minRows={props.rows[0]}
          maxRows={props.rows[1]}
          styles={props.code ? { input: { fontFamily: "var(--mantine-font-family-monospace)" } } : {}}
          rightSectionProps={{ style: { alignItems: "flex-start", paddingTop: 4 } }}
          onChange={event => {
            onChange(event.currentTarget.value)
            follow(event.currentTarget)
          }}
        />
      ) : (
        <TextInput
          {...shared}
          ref={element => {
            field.current = element
          }}
          onChange={event => {
            onChange(event.currentTarget.value)
            follow(event.currentTarget)
          }}
        />
      )}
      {offered.length > 0 && (
        <div role="listbox" id={listId} aria-label={t("variables.insert")} className={classes.completions}>
          {offered.map((variable, index) => (
            <div
              key={variable.path}
              id={`${listId}-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === at}
              className={classes.completion}
              data-variable={variable.path}
              // The field must not lose the focus to the list.
              onPointerDown={event => {
                event.preventDefault()
                choose(variable)
              }}
            >
              <code>{variable.path}</code>
              <span>{variable.sample}</span>
            </div>
          ))}
        </div>
      )}
    </div>
  )
}

/** Those that begin as asked first, then those with the asked name anywhere in them. */
function offeredFor(variables: readonly Variable[], asked: string): readonly Variable[] {
  const wanted = asked.toLowerCase()
  const begins = variables.filter(({ path }) => path.toLowerCase().startsWith(wanted))
  const holds = variables.filter(each => !begins.includes(each) && each.path.toLowerCase().includes(wanted))
  const found = [...begins, ...holds].slice(0, mostShown)
  return found.length === 1 && found[0]?.path === asked ? [] : found
}
