import { Tooltip } from "@mantine/core"
import { type InstantLike, useFormat } from "../app/format.ts"
import { useNow, useRealNow } from "../app/now.ts"

/**
 * A time in the workspace's zone; the hover says it to the second and names the zone. What people did (a save, a key)
 * happened in real time, also in a sandbox: `clock="real"` measures "3 hours ago" by that.
 */
export function Instant(props: {
  at: InstantLike
  show?: "dateTime" | "date" | "time" | "relative"
  clock?: "workspace" | "real"
}) {
  const { at, show = "dateTime", clock = "workspace" } = props
  if (show !== "relative") return <PlainInstant at={at} show={show} />
  return clock === "real" ? <RealDistance at={at} /> : <WorkspaceDistance at={at} />
}

function PlainInstant({ at, show }: { at: InstantLike; show: "dateTime" | "date" | "time" }) {
  const format = useFormat()
  return <TimeElement at={at} text={format[show](at)} />
}

function WorkspaceDistance({ at }: { at: InstantLike }) {
  const format = useFormat()
  return <TimeElement at={at} text={format.relative(at, useNow())} />
}

function RealDistance({ at }: { at: InstantLike }) {
  const format = useFormat()
  return <TimeElement at={at} text={format.relative(at, useRealNow())} />
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
