import { Alert, Button, Text } from "@mantine/core"
import { IconAlertCircle } from "@tabler/icons-react"
import { useTranslation } from "react-i18next"
import { useErrorText } from "../app/error-text.ts"

/** An error beside what it concerns: what happened, what to do, and a way to try again. `inset` where it lies on a bare panel. */
export function ErrorNote(props: { error: unknown; onRetry?: () => void; inset?: boolean }) {
  const { error, onRetry, inset } = props
  const { t } = useTranslation("app")
  const text = useErrorText()(error)
  return (
    <Alert
      color="red"
      m={inset ? "md" : 0}
      icon={<IconAlertCircle aria-hidden />}
      title={text.title}
      role="alert"
    >
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
