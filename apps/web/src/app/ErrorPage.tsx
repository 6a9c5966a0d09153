import { Button, Group } from "@mantine/core"
import { IconAlertTriangle } from "@tabler/icons-react"
import { useEffect, useRef } from "react"
import { useTranslation } from "react-i18next"
import { EmptyState } from "../ui/EmptyState.tsx"
import { errorKind, useErrorText } from "./error-text.ts"
import { useReadiness } from "./readiness.ts"

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
  const away = useAway(error)
  const text = isMissingChunk(error)
    ? { title: t("errors.newVersion.title"), advice: t("errors.newVersion.advice") }
    : (away ?? say(error))
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

/** Where the server's own trouble is behind an error, that is said instead, and the page comes back with the server. */
function useAway(error: unknown): { title: string; advice: string } | undefined {
  const { t } = useTranslation("status")
  const kind = errorKind(error)
  const readiness = useReadiness(kind === "server" || kind === "offline")
  const isAway = typeof readiness === "object"
  const wasAway = useRef(false)
  useEffect(() => {
    if (isAway) wasAway.current = true
    else if (wasAway.current && readiness === "ready") window.location.reload()
  }, [isAway, readiness])
  if (!isAway) return undefined
  const migrations = readiness.reason === "migrations-missing"
  return {
    title: t(migrations ? "away.migrations.title" : "away.title"),
    advice: migrations
      ? t("away.migrations.text")
      : `${t("away.text")} ${t("away.reason", { code: readiness.detail })}`,
  }
}
