import { IconDatabaseOff } from "@tabler/icons-react"
import { useTranslation } from "react-i18next"
import type { NotReady } from "../app/readiness.ts"
import { Instant } from "../ui/Instant.tsx"
import classes from "./Summary.module.css"

/** Why nothing can be read at this moment, and since when. */
export function AwayNote({ trouble, hasFigures }: { trouble: NotReady | "silent"; hasFigures: boolean }) {
  const { t } = useTranslation("status")
  const kind = trouble === "silent" ? "server" : trouble.reason === "migrations-missing" ? "migrations" : ""
  return (
    <section className={classes.root} data-tone="danger" role="alert">
      <div className={classes.icon}>
        <IconDatabaseOff size={26} stroke={1.6} aria-hidden />
      </div>
      <div className={classes.body}>
        <h2 className={classes.title}>
          {t(
            kind === "server"
              ? "away.server.title"
              : kind === "migrations"
                ? "away.migrations.title"
                : "away.title",
          )}
          {trouble !== "silent" && (
            <span className={classes.since}>
              {t("since")} <Instant at={trouble.since} />
            </span>
          )}
        </h2>
        <p className={classes.text}>
          {t(
            kind === "server"
              ? "away.server.text"
              : kind === "migrations"
                ? "away.migrations.text"
                : "away.text",
          )}
        </p>
        {trouble !== "silent" && trouble.detail && (
          <code className={classes.detail}>{t("away.reason", { code: trouble.detail })}</code>
        )}
        {hasFigures && <p className={classes.text}>{t("away.stale")}</p>}
      </div>
    </section>
  )
}
