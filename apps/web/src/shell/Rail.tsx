import { Tooltip } from "@mantine/core"
import { useMediaQuery } from "@mantine/hooks"
import {
  type Icon,
  IconActivityHeartbeat,
  IconMail,
  IconRoute,
  IconSettings,
  IconUsers,
} from "@tabler/icons-react"
import { Link, useMatchRoute } from "@tanstack/react-router"
import { useTranslation } from "react-i18next"
import { useMay } from "../app/role.ts"
import { useWorkspace, type WorkspaceSummary } from "../app/workspace.ts"
import classes from "./Rail.module.css"
import { SandboxClock } from "./SandboxClock.tsx"
import { UserMenu } from "./UserMenu.tsx"
import { WorkspaceSwitcher } from "./WorkspaceSwitcher.tsx"

const places = [
  { to: "/w/$workspace/journeys", key: "journeys", icon: IconRoute },
  { to: "/w/$workspace/customers", key: "customers", icon: IconUsers, also: "/w/$workspace/import" },
  { to: "/w/$workspace/mailbox", key: "mailbox", icon: IconMail },
  { to: "/w/$workspace/status", key: "status", icon: IconActivityHeartbeat, edits: true },
  { to: "/w/$workspace/settings", key: "settings", icon: IconSettings },
] as const satisfies { to: string; key: string; icon: Icon; also?: string; edits?: true }[]

/** Where one can go, which workspace this is, and who one is. Folded it shows icons whose names are on hover. */
export function Rail(props: {
  user: { name: string; email: string }
  workspaces: WorkspaceSummary[]
  folded: boolean
}) {
  const { t } = useTranslation("shell")
  const workspace = useWorkspace()
  const may = useMay()
  const matches = useMatchRoute()
  const narrow = useMediaQuery("(max-width: 56em)") ?? false
  const folded = props.folded || narrow
  return (
    <nav aria-label={t("nav.label")} className={classes.root} data-folded={folded}>
      <WorkspaceSwitcher workspaces={props.workspaces} folded={folded} />
      {workspace.sandbox && <SandboxClock folded={folded} />}
      <div className={classes.places}>
        {places
          .filter(place => may.edit || !("edits" in place))
          .map(({ to, key, icon: PlaceIcon, ...place }) => (
            <Tooltip key={key} label={t(`nav.${key}`)} position="right" disabled={!folded}>
              <Link
                to={to}
                params={{ workspace: workspace.id }}
                className={classes.place}
                activeOptions={{ includeSearch: false }}
                activeProps={{ "data-active": true }}
                data-active={"also" in place && matches({ to: place.also, fuzzy: true }) ? true : undefined}
                aria-label={folded ? t(`nav.${key}`) : undefined}
              >
                <PlaceIcon size={20} stroke={1.7} aria-hidden />
                {!folded && <span>{t(`nav.${key}`)}</span>}
              </Link>
            </Tooltip>
          ))}
      </div>
      <UserMenu user={props.user} folded={folded} />
    </nav>
  )
}
