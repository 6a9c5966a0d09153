import type { ReactNode } from "react"
import classes from "./live.module.css"
import { type NumberAsked, useNumbers } from "./numbers.ts"

/** A number that opens: a press lists the customers behind it. On a card it is no tab stop, the canvas has only one. */
export function NumberButton(props: {
  asked: NumberAsked
  label: string
  children: ReactNode
  kind?: string
  className?: string | undefined
  zero?: boolean
  onCard?: boolean
}) {
  const { open } = useNumbers()
  return (
    <button
      type="button"
      tabIndex={props.onCard ? -1 : 0}
      className={`${props.className ?? classes.number}${props.onCard ? " nodrag nopan" : ""}`}
      aria-label={props.label}
      data-kind={props.kind}
      data-zero={props.zero || undefined}
      onClick={event => {
        event.stopPropagation()
        open(props.asked)
      }}
      onDoubleClick={event => event.stopPropagation()}
    >
      {props.children}
    </button>
  )
}
