import { NativeSelect, VisuallyHidden } from "@mantine/core"
import { useQuery } from "@tanstack/react-query"
import { useEffect, useRef, useState } from "react"
import { useTranslation } from "react-i18next"
import { useApi } from "../app/api.ts"
import { useFormat } from "../app/format.ts"
import { realNow } from "../app/now.ts"
import { GoneNodes } from "./GoneNodes.tsx"
import classes from "./live.module.css"
import { useLiveState, useTotals } from "./live-context.ts"
import { NumberButton } from "./NumberButton.tsx"
import { sumOf, useNumbers } from "./numbers.ts"

const announceEveryMs = 10_000

/** The journey's own counts, of all versions or of one, and how fresh all numbers are. `published`: the newest version. */
export function LiveBar({ journey, published }: { journey: string; published: number | null }) {
  const { t } = useTranslation("live")
  const format = useFormat()
  const totals = useTotals()
  const connection = useLiveState(state => state.connection)
  const figures = totals
    ? ([
        ["entered", totals.entered],
        ["inside", totals.inside],
        ["ended", sumOf(totals.ended)],
        ["notAdmitted", sumOf(totals.notAdmitted)],
      ] as const)
    : []
  const text = figures.map(([word, count]) => t(word, { shown: format.number(count) })).join(", ")
  return (
    <div className={classes.bar} data-live-bar>
      <span className={classes.state} data-connection={connection}>
        <span className={classes.dot} aria-hidden />
        <Freshness />
      </span>
      <VersionSelect journey={journey} published={published} />
      {figures.map(([word, count]) => (
        <span key={word} className={classes.figure} data-figure={word}>
          {word === "notAdmitted" || count === 0 ? (
            <>
              {t(`figures.${word}`)} <b>{format.number(count)}</b>
            </>
          ) : (
            <NumberButton asked={{ kind: word }} label={t(word, { shown: format.number(count) })}>
              {t(`figures.${word}`)} <b>{format.number(count)}</b>
            </NumberButton>
          )}
        </span>
      ))}
      {Object.entries(totals?.ended ?? {})
        .filter(([, count]) => count > 0)
        .map(([reason, count]) => (
          <NumberButton
            key={reason}
            asked={{ kind: "ended", reason }}
            label={t("endedBy", { reason, shown: format.number(count) })}
          >
            {t("figures.endedBy", { reason, shown: format.number(count) })}
          </NumberButton>
        ))}
      <GoneNodes journey={journey} published={published} />
      <Announcement text={text} />
    </div>
  )
}

/** Whether the numbers are those of all versions or of one. */
function VersionSelect({ journey, published }: { journey: string; published: number | null }) {
  const { t } = useTranslation("live")
  const api = useApi()
  const { version, setVersion } = useNumbers()
  const versions = useQuery(
    api.journeys.versions.queryOptions({ key: journey }, { enabled: published !== null && published > 1 }),
  )
  if (published === null || published < 2) return null
  const numbers = versions.data?.map(each => each.number) ?? [published]
  return (
    <NativeSelect
      size="xs"
      aria-label={t("version.label")}
      value={String(version)}
      data={[
        { value: "all", label: t("version.all") },
        ...numbers.map(number => ({ value: String(number), label: t("version.one", { version: number }) })),
      ]}
      onChange={event => {
        const { value } = event.currentTarget
        setVersion(value === "all" ? "all" : Number(value))
      }}
    />
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
