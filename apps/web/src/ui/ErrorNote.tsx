import { Alert, Button, Text } from "@mantine/core"
import { IconAlertCircle } from "@tabler/icons-react"
import { useTranslation } from "react-i18next"
import { useErrorText } from "../app/error-text.ts"

/** An error beside what it concerns: what happened, what to do, and a way to try again. */
export function ErrorNote({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { t } = useTranslation("app")
  const text = useErrorText()(error)
  return (
    <Alert color="red" icon={<IconAlertCircle aria-hidden />} title={text.title} role="alert">
      <Text size="sm">{text.advice}</Text>
      {text.detail && (
        <Text size="sm" mt={4}>
          {t("errors.serverSays", { detail: text.detail })}
        </Text>
      )}
      {onRetry && (
        <Button variant="default" size="xs" mt="sm" onClick={onRetry}>
          {t("errors.retry")}
        </Button>
      )}
    </Alert>
  )
}
