import type { ReactNode } from "react"
import classes from "./Page.module.css"

/** The body of a page: one calm column with even margins. */
export function Page({ children, width = "wide" }: { children: ReactNode; width?: "wide" | "reading" }) {
  return (
    <div className={classes.root} data-width={width}>
      {children}
    </div>
  )
}
