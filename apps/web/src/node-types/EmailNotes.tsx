import { Loader, Text } from "@mantine/core"
import { useTranslation } from "react-i18next"
import { ErrorNote } from "../ui/ErrorNote.tsx"
import type { EmailView } from "./use-rendered-email.ts"

/** What stands in the way of the message, or of its preview. */
export function EmailNotes({ view }: { view: EmailView }) {
  const { t } = useTranslation("node-types")
  if (view.isLoading) return <Loader size="xs" />
  if (view.error) return <ErrorNote error={view.error} />
  const note = view.isUnreadable
    ? t("form.email.previewUnreadable")
    : view.missing.length > 0
      ? t("form.email.previewMissing", { values: view.missing.join(", ") })
      : view.email
        ? undefined
        : (view.reason ?? t("form.email.previewFailed"))
  if (note === undefined) return null
  return (
    <Text size="xs" c={view.isUnreadable ? "var(--ink-soft)" : "var(--danger)"} role="status">
      {note}
    </Text>
  )
}
