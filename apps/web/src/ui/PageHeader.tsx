import { Title } from "@mantine/core"
import type { ReactNode } from "react"
import classes from "./PageHeader.module.css"

/** The head of a page: its one h1, a line about it, and its main actions on the right. */
export function PageHeader(props: {
  title: ReactNode
  text?: ReactNode
  actions?: ReactNode
  before?: ReactNode
}) {
  return (
    <header className={classes.root}>
      <div>
        {props.before}
        <Title order={1}>{props.title}</Title>
        {props.text && <div className={classes.text}>{props.text}</div>}
      </div>
      {props.actions && <div className={classes.actions}>{props.actions}</div>}
    </header>
  )
}
