import { useTranslation } from "react-i18next"
import classes from "./inspector.module.css"
import { RemoveButton } from "./RemoveButton.tsx"

/** Several nodes at once. */
export function SeveralInspector({ count }: { count: number }) {
  const { t } = useTranslation("editor")
  return (
    <>
      <h2 className={classes.title}>{t("inspector.several", { count })}</h2>
      <RemoveButton label={t("inspector.removeSeveral")} heal />
    </>
  )
}
