import { Alert } from "@mantine/core"
import { IconLock } from "@tabler/icons-react"
import type { ReactNode } from "react"
import { useTranslation } from "react-i18next"
import { useMay } from "../app/role.ts"
import classes from "./RoleFields.module.css"

/** A form that others than `needs` can read and not change; above it stands why. */
export function RoleFields({ needs, children }: { needs: "editor" | "owner"; children: ReactNode }) {
  const { t } = useTranslation("ui")
  const may = useMay()
  if (needs === "owner" ? may.own : may.edit) return children
  return (
    <>
      <Alert color="gray" mb="md" icon={<IconLock aria-hidden />}>
        {t(`role.changes.${needs}`)}
      </Alert>
      <fieldset disabled className={classes.root}>
        {children}
      </fieldset>
    </>
  )
}
