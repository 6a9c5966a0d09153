import { Tooltip } from "@mantine/core"
import { type InstantLike, useFormat } from "../app/format.ts"
import { useNow } from "../app/now.ts"

/** A time in the workspace's zone; the hover says it to the second and names the zone. */
export function Instant({
  at,
  show = "dateTime",
}: {
  at: InstantLike
  show?: "dateTime" | "date" | "time" | "relative"
}) {
  return show === "relative" ? <RelativeInstant at={at} /> : <PlainInstant at={at} show={show} />
}

function PlainInstant({ at, show }: { at: InstantLike; show: "dateTime" | "date" | "time" }) {
  const format = useFormat()
  return <TimeElement at={at} text={format[show](at)} />
}

function RelativeInstant({ at }: { at: InstantLike }) {
  const format = useFormat()
  const now = useNow()
  return <TimeElement at={at} text={format.relative(at, now)} />
}

function TimeElement({ at, text }: { at: InstantLike; text: string }) {
  const format = useFormat()
  return (
    <Tooltip label={format.exact(at)}>
      <time dateTime={new Date(at).toISOString()} style={{ whiteSpace: "nowrap" }}>
        {text}
      </time>
    </Tooltip>
  )
}
