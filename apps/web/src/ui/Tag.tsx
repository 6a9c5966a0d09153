import type { Icon } from "@tabler/icons-react"
import classes from "./Tag.module.css"

export type Tone =
  | "entry"
  | "wait"
  | "decision"
  | "experiment"
  | "message"
  | "loyalty"
  | "store"
  | "data"
  | "exit"
  | "danger"
  | "accent"

/** A small word with a colour: the word says it, the colour only helps. */
export function Tag({ tone, icon, children }: { tone: Tone; icon?: Icon; children: string }) {
  const ShownIcon = icon
  return (
    <span className={classes.root} data-tone={tone}>
      {ShownIcon ? (
        <ShownIcon size={13} stroke={2} aria-hidden />
      ) : (
        <span className={classes.dot} aria-hidden />
      )}
      {children}
    </span>
  )
}
