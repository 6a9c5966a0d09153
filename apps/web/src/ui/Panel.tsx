import { Title } from "@mantine/core"
import { type ReactNode, useId } from "react"
import classes from "./Panel.module.css"

/** A surface on the page; with a title it is a named section. */
export function Panel(props: {
  title?: string
  text?: ReactNode
  actions?: ReactNode
  children: ReactNode
  flush?: boolean
}) {
  const id = useId()
  if (!props.title) {
    return (
      <div className={classes.root} data-flush={props.flush ?? false}>
        {props.children}
      </div>
    )
  }
  return (
    <section className={classes.root} aria-labelledby={id} data-flush={props.flush ?? false}>
      <div className={classes.head}>
        <div>
          <Title order={2} id={id}>
            {props.title}
          </Title>
          {props.text && <div className={classes.text}>{props.text}</div>}
        </div>
        {props.actions}
      </div>
      {props.children}
    </section>
  )
}
