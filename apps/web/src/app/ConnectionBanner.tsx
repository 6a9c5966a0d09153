import { IconPlugConnectedX } from "@tabler/icons-react"
import { useTranslation } from "react-i18next"
import classes from "./ConnectionBanner.module.css"
import { useConnection } from "./connection.ts"

/** Says that the server cannot be reached, for as long as that is so. The region stays, so that it is announced. */
export function ConnectionBanner() {
  const { t } = useTranslation("app")
  const lost = useConnection(connection => connection.lost)
  return (
    <div role="status" className={classes.region}>
      {lost && (
        <div className={classes.banner}>
          <IconPlugConnectedX size={18} aria-hidden />
          <strong>{t("connection.lost")}</strong>
          <span>{t("connection.healing")}</span>
        </div>
      )}
    </div>
  )
}
