import { Button, type ButtonProps, Tooltip } from "@mantine/core"
import type { ComponentProps } from "react"
import { useTranslation } from "react-i18next"
import { useMay } from "../app/role.ts"

type Props = ButtonProps & Omit<ComponentProps<"button">, keyof ButtonProps> & { needs: "editor" | "owner" }

/** A button that stays in its place for those who may not use it, and says why when one comes to it. */
export function RoleButton({ needs, ...props }: Props) {
  const { t } = useTranslation("ui")
  const may = useMay()
  if (needs === "owner" ? may.own : may.edit) return <Button {...props} />
  return (
    <Tooltip label={t(`role.needs.${needs}`)} events={{ hover: true, focus: true, touch: true }}>
      <Button
        {...props}
        type="button"
        // Not `disabled`: that would take away the focus, and with it the reason.
        data-disabled
        aria-disabled
        aria-description={t(`role.needs.${needs}`)}
        onClick={event => event.preventDefault()}
      />
    </Tooltip>
  )
}
