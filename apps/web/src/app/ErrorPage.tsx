import { Button, Group } from "@mantine/core"
import { IconAlertTriangle } from "@tabler/icons-react"
import { useTranslation } from "react-i18next"
import { EmptyState } from "../ui/EmptyState.tsx"
import { useErrorText } from "./error-text.ts"

/** A page of the app whose file is gone because a newer build has replaced it. */
function isMissingChunk(error: unknown): boolean {
  return (
    error instanceof Error && /dynamically imported module|importing a module script/i.test(error.message)
  )
}

/** What stands in place of a page that broke: what happened, what was kept, what to do. */
export function ErrorPage({ error, reset }: { error: unknown; reset?: () => void }) {
  const { t } = useTranslation("app")
  const say = useErrorText()
  const text = isMissingChunk(error)
    ? { title: t("errors.newVersion.title"), advice: t("errors.newVersion.advice") }
    : say(error)
  return (
    <EmptyState
      icon={IconAlertTriangle}
      tone="danger"
      heading={1}
      title={text.title}
      text={text.advice}
      action={
        <Group gap="xs" justify="center">
          {reset && (
            <Button variant="default" onClick={reset}>
              {t("errors.retry")}
            </Button>
          )}
          <Button onClick={() => window.location.reload()}>{t("errors.reload")}</Button>
        </Group>
      }
    />
  )
}
