import { Tooltip } from "@mantine/core"
import { IconClockPlay } from "@tabler/icons-react"
import { Link } from "@tanstack/react-router"
import { useTranslation } from "react-i18next"
import { useFormat } from "../app/format.ts"
import { useSandboxNow } from "../app/now.ts"
import { useWorkspace } from "../app/workspace.ts"
import classes from "./SandboxClock.module.css"

/** The sandbox's own time, always in sight, so that nobody takes a test for the real thing; leads to its controls. */
export function SandboxClock({ folded }: { folded: boolean }) {
  const { t } = useTranslation("shell")
  const format = useFormat()
  const workspace = useWorkspace()
  const now = useSandboxNow()
  if (now === undefined) return null
  const shown = format.dateTime(now)
  return (
    <Tooltip label={`${t("clock.hover")} ${format.exact(now)}`} position="right" multiline maw={320}>
      <Link
        to="/w/$workspace/settings"
        params={{ workspace: workspace.id }}
        search={{ tab: "clock" }}
        className={classes.root}
        data-folded={folded}
        aria-label={t("clock.label", { now: shown })}
      >
        <IconClockPlay size={16} stroke={1.8} aria-hidden />
        {!folded && <span>{shown}</span>}
      </Link>
    </Tooltip>
  )
}
