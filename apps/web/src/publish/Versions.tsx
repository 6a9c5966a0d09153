import { Link } from "@tanstack/react-router"
import { useTranslation } from "react-i18next"
import type { Outputs } from "../app/api.ts"
import { useMay } from "../app/role.ts"
import { useWorkspace } from "../app/workspace.ts"
import { Instant } from "../ui/Instant.tsx"
import { Panel } from "../ui/Panel.tsx"
import { Tag } from "../ui/Tag.tsx"
import classes from "./publish.module.css"

type Version = Outputs["journeys"]["versions"][number]

/** All versions, newest first, and the way back to each of them through this same page. */
export function Versions(props: {
  journey: string
  versions: readonly Version[]
  chosen: number | undefined
}) {
  const { t } = useTranslation("publish")
  const workspace = useWorkspace()
  const may = useMay()
  if (props.versions.length === 0) return null
  const to = {
    to: "/w/$workspace/journeys/$key/publish",
    params: { workspace: workspace.id, key: props.journey },
    className: classes.back,
  } as const
  const newestFirst = [...props.versions].sort((a, b) => b.number - a.number)
  return (
    <Panel title={t("versions.title")}>
      <ol className={classes.versions}>
        {newestFirst.map(version => (
          <li key={version.number} data-version={version.number}>
            <div className={classes.versionHead}>
              <b>{t("versions.number", { version: version.number })}</b>
              {version.live && <Tag tone="entry">{t("versions.live")}</Tag>}
              <span className={classes.when}>
                <Instant at={version.publishedAt} />
              </span>
            </div>
            {version.note && <div className={classes.note}>{version.note}</div>}
            {!version.live && version.number !== props.chosen && may.edit && (
              <Link {...to} search={{ version: version.number }}>
                {t("versions.rollBack")}
              </Link>
            )}
          </li>
        ))}
      </ol>
      {props.chosen !== undefined && (
        <Link {...to} search={{}}>
          {t("versions.draftAgain")}
        </Link>
      )}
    </Panel>
  )
}
