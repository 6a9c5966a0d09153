import {
  type KeyboardEvent,
  type ReactNode,
  type RefObject,
  useId,
  useLayoutEffect,
  useRef,
  useState,
} from "react"
import { useTranslation } from "react-i18next"
import { complete, typedAt } from "./completion.ts"
import classes from "./fields.module.css"
import { useVariables, type Variable } from "./use-variables.ts"

export type TextElement = HTMLInputElement | HTMLTextAreaElement

const mostShown = 8

/**
 * While a name is typed in a tag of a text, the values that exist at a node are offered below it. `props` belong on
 * the field, `list` stands after it inside of a positioned element; `insert` puts a tag in where the cursor stands.
 */
export function useCompletion(context: {
  node: string
  links: boolean
  text: string
  field: RefObject<TextElement | null>
  write: (text: string) => void
}): {
  props: {
    "aria-autocomplete": "list"
    "aria-controls": string | undefined
    "aria-activedescendant": string | undefined
    onKeyDown: (event: KeyboardEvent) => void
    onBlur: () => void
  }
  list: ReactNode
  insert: (tag: string) => void
  /** To be told after each change of the text by hand. */
  follow: (element: TextElement) => void
} {
  const { text, field } = context
  const { t } = useTranslation("editor")
  const listId = useId()
  const variables = useVariables(context.node, { links: context.links })
  const [caret, setCaret] = useState<number | undefined>()
  const [at, setAt] = useState(0)
  const wanted = useRef<number | undefined>(undefined)
  const typed = caret === undefined ? undefined : typedAt(text, caret)
  const offered = typed ? offeredFor(variables, typed.asked) : []
  useLayoutEffect(() => {
    if (wanted.current === undefined) return
    field.current?.setSelectionRange(wanted.current, wanted.current)
    wanted.current = undefined
  })
  const write = (next: string, caretAfter: number) => {
    wanted.current = caretAfter
    setCaret(undefined)
    context.write(next)
    field.current?.focus()
  }
  const choose = (variable: Variable | undefined) => {
    if (!typed || !variable) return
    const done = complete(text, typed, variable.path)
    write(done.text, done.caret)
  }
  return {
    props: {
      "aria-autocomplete": "list",
      "aria-controls": offered.length > 0 ? listId : undefined,
      "aria-activedescendant": offered[at] ? `${listId}-${at}` : undefined,
      onBlur: () => setCaret(undefined),
      onKeyDown(event) {
        if (offered.length === 0) return
        if (event.key === "ArrowDown") setAt(now => (now + 1) % offered.length)
        else if (event.key === "ArrowUp") setAt(now => (now + offered.length - 1) % offered.length)
        else if (event.key === "Enter" || event.key === "Tab") choose(offered[at])
        else if (event.key === "Escape") setCaret(undefined)
        else return
        event.preventDefault()
        event.stopPropagation()
      },
    },
    insert(tag) {
      const from = field.current?.selectionStart ?? text.length
      const to = field.current?.selectionEnd ?? from
      write(text.slice(0, from) + tag + text.slice(to), from + tag.length)
    },
    follow(element) {
      setCaret(element.selectionStart ?? undefined)
      setAt(0)
    },
    list: offered.length > 0 && (
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
    ),
  }
}

/** Those that begin as asked first, then those with the asked name anywhere in them. */
function offeredFor(variables: readonly Variable[], asked: string): readonly Variable[] {
  const wanted = asked.toLowerCase()
  const begins = variables.filter(({ path }) => path.toLowerCase().startsWith(wanted))
  const holds = variables.filter(each => !begins.includes(each) && each.path.toLowerCase().includes(wanted))
  const found = [...begins, ...holds].slice(0, mostShown)
  return found.length === 1 && found[0]?.path === asked ? [] : found
}
