import { notifications } from "@mantine/notifications"
import { useMemo } from "react"
import { useTranslation } from "react-i18next"
import { useErrorText } from "./error-text.ts"

/** Short notes in the corner: that something was done, or what went wrong and what to do. */
export function useNotify() {
  const { t } = useTranslation("ui")
  const say = useErrorText()
  return useMemo(() => {
    const closeButtonProps = { "aria-label": t("dialog.close") }
    return {
      done: (message: string) => notifications.show({ message, closeButtonProps, autoClose: 4_000 }),
      error: (error: unknown) => {
        const { title, advice, detail } = say(error)
        notifications.show({
          title,
          message: detail ?? advice,
          color: "red",
          closeButtonProps,
          autoClose: 10_000,
        })
      },
    }
  }, [t, say])
}
