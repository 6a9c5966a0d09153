import { Alert, Group } from "@mantine/core"
import { IconAlertTriangle, IconRefresh } from "@tabler/icons-react"
import { useState } from "react"
import { useTranslation } from "react-i18next"
import { Instant } from "../ui/Instant.tsx"
import { RoleButton } from "../ui/RoleButton.tsx"
import type { Message } from "./message.ts"
import { ReplayDialog } from "./ReplayDialog.tsx"

const reasons = [
  "provider",
  "bounced",
  "attempts",
  "template",
  "unsubscribed",
  "suppressed",
  "stopped",
  "in-doubt",
  "skipped",
] as const

/** Why a message was not sent, what can be done about it, and what may have happened to it twice. */
export function Refused({ message }: { message: Message }) {
  const { t } = useTranslation("mailbox")
  const [replaying, setReplaying] = useState(false)
  const { state, error, doubts, replayedAt, attempts } = message
  const reason = reasons.find(each => each === message.reason)
  const isDoubtful = doubts !== undefined && message.reason !== "in-doubt"
  if (state !== "refused" && error === undefined && replayedAt === undefined && !isDoubtful) return null
  return (
    <Alert
      m="md"
      mb={0}
      color={state === "refused" ? "red" : "gray"}
      icon={<IconAlertTriangle aria-hidden />}
      title={
        state === "refused"
          ? t(`reasons.${reason ?? "provider"}`)
          : error === undefined
            ? undefined
            : t("trying", { count: attempts })
      }
    >
      {error}
      {isDoubtful && <div>{t("doubtful")}</div>}
      {replayedAt !== undefined && (
        <div>
          {t("replay.already")} <Instant at={replayedAt} clock="real" />
        </div>
      )}
      {state === "refused" && replayedAt === undefined && (
        <Group mt="sm">
          <RoleButton
            needs="editor"
            size="xs"
            variant="default"
            leftSection={<IconRefresh size={14} aria-hidden />}
            onClick={() => setReplaying(true)}
          >
            {t("replay.open")}
          </RoleButton>
        </Group>
      )}
      {replaying && <ReplayDialog message={message} onClose={() => setReplaying(false)} />}
    </Alert>
  )
}
