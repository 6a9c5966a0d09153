import { VisuallyHidden } from "@mantine/core"
import { useEffect, useRef, useState } from "react"
import { useTranslation } from "react-i18next"
import { useFormat } from "../app/format.ts"
import { realNow } from "../app/now.ts"
import classes from "./live.module.css"
import { useLiveState, useTotals } from "./live-context.ts"

const announceEveryMs = 10_000

/** The journey's own counts, and how fresh all numbers are. */
export function LiveBar() {
  const { t } = useTranslation("live")
  const format = useFormat()
  const totals = useTotals()
  const connection = useLiveState(state => state.connection)
  const sum = (counts: { [name: string]: number }) =>
    Object.values(counts).reduce((all, each) => all + each, 0)
  const figures = totals
    ? ([
        ["entered", totals.entered],
        ["inside", totals.inside],
        ["ended", sum(totals.ended)],
        ["notAdmitted", sum(totals.notAdmitted)],
      ] as const)
    : []
  const text = figures.map(([word, count]) => t(word, { shown: format.number(count) })).join(", ")
  return (
    <div className={classes.bar} data-live-bar>
      <span className={classes.state} data-connection={connection}>
        <span className={classes.dot} aria-hidden />
        <Freshness />
      </span>
      {figures.map(([word, count]) => (
        <span key={word} className={classes.figure} data-figure={word}>
          {t(`figures.${word}`)} <b>{format.number(count)}</b>
        </span>
      ))}
      {totals && Object.keys(totals.ended).length > 0 && (
        <span className={classes.figure}>
          {Object.entries(totals.ended)
            .filter(([, count]) => count > 0)
            .map(([reason, count]) => `${reason} ${format.number(count)}`)
            .join(" · ")}
        </span>
      )}
      <Announcement text={text} />
    </div>
  )
}

function Freshness() {
  const { t } = useTranslation("live")
  const format = useFormat()
  const connection = useLiveState(state => state.connection)
  const heardAt = useLiveState(state => state.heardAt)
  const [now, setNow] = useState(realNow)
  useEffect(() => {
    if (connection !== "lost") return
    setNow(realNow())
    const timer = setInterval(() => setNow(realNow()), 1_000)
    return () => clearInterval(timer)
  }, [connection])
  if (connection === "connecting") return t("connecting")
  if (connection === "open") return t("live")
  if (heardAt === undefined) return t("lost")
  const seconds = Math.max(0, Math.round((now - heardAt) / 1_000))
  return t("stale", {
    age: format.duration(seconds < 60 ? `PT${seconds}S` : `PT${Math.floor(seconds / 60)}M`),
  })
}

/** Says the counts politely, at most every ten seconds. */
function Announcement({ text }: { text: string }) {
  const [said, setSaid] = useState("")
  const latest = useRef(text)
  latest.current = text
  useEffect(() => {
    const timer = setInterval(() => setSaid(latest.current), announceEveryMs)
    return () => clearInterval(timer)
  }, [])
  return (
    <VisuallyHidden component="span" aria-live="polite">
      {said}
    </VisuallyHidden>
  )
}
