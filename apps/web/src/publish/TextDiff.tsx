import { diffText } from "@viaggio/journey-model"
import { useMemo } from "react"
import classes from "./publish.module.css"

/** A text as it was and is: what went is struck through, what came is underlined. */
export function TextDiff({ before, after }: { before: string; after: string }) {
  const parts = useMemo(
    () => diffText(before, after).map((part, place) => ({ ...part, place })),
    [before, after],
  )
  return (
    <p className={classes.text}>
      {parts.map(({ kind, text, place }) => {
        if (kind === "added") return <ins key={place}>{text}</ins>
        return kind === "removed" ? <del key={place}>{text}</del> : <span key={place}>{text}</span>
      })}
    </p>
  )
}
