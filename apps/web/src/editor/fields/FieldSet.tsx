import type { ReactNode } from "react"
import classes from "./fields.module.css"

/** A few fields under one heading. */
export function FieldSet(props: { legend: string; hint?: string; children: ReactNode }) {
  return (
    <fieldset className={classes.fieldset}>
      <legend className={classes.legend}>{props.legend}</legend>
      {props.hint && <p className={classes.hint}>{props.hint}</p>}
      {props.children}
    </fieldset>
  )
}
