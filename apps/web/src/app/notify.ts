import type { NotificationData } from "@mantine/notifications"
import { useMemo } from "react"
import { useTranslation } from "react-i18next"
import { useErrorText } from "./error-text.ts"

/** Shows a note; the code for that comes after the page. */
export const showNote = async (note: NotificationData): Promise<void> => {
  const { notifications } = await import("@mantine/notifications")
  notifications.show(note)
}

/** Short notes in the corner: that something was done, or what went wrong and what to do. */
export function useNotify() {
  const { t } = useTranslation("ui")
  const say = useErrorText()
  return useMemo(() => {
    const closeButtonProps = { "aria-label": t("dialog.close") }
    return {
      done: (message: string) => void showNote({ message, closeButtonProps, autoClose: 4_000 }),
      error: (error: unknown) => {
        const { title, advice, detail } = say(error)
        void showNote({
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
