import { Text, Title } from "@mantine/core"
import type { Icon } from "@tabler/icons-react"
import type { ReactNode } from "react"
import classes from "./EmptyState.module.css"

/** What stands where nothing is yet: what this place is for, and the next thing to do. */
export function EmptyState(props: {
  icon: Icon
  title: string
  text: ReactNode
  action?: ReactNode
  heading?: 1 | 2 | 3
  tone?: "neutral" | "danger"
}) {
  const ShownIcon = props.icon
  return (
    <div className={classes.root}>
      <div className={classes.icon} data-tone={props.tone ?? "neutral"}>
        <ShownIcon size={26} stroke={1.6} aria-hidden />
      </div>
      <Title order={props.heading ?? 2} size="h2">
        {props.title}
      </Title>
      <Text c="dimmed" maw={420} size="md">
        {props.text}
      </Text>
      {props.action && <div className={classes.action}>{props.action}</div>}
    </div>
  )
}
