import { useTranslation } from "react-i18next"
import { useWorkspace } from "../app/workspace.ts"
import { TextLink } from "../ui/links.tsx"
import { Tag, type Tone } from "../ui/Tag.tsx"

const tones = {
  unsubscribed: "exit",
  bounced: "danger",
  complained: "danger",
  "by-hand": "data",
} as const satisfies Record<string, Tone>

/** Why an address gets no e-mail. */
export function SuppressionReason({ reason }: { reason: string }) {
  const { t } = useTranslation("settings")
  const known = reason in tones ? (reason as keyof typeof tones) : "by-hand"
  return <Tag tone={tones[known]}>{t(`suppressions.reasons.${known}`)}</Tag>
}

/** What put an address on the list: the message that it came of, or whose hand it was. */
export function SuppressionSource({ source }: { source: string }) {
  const { t } = useTranslation("settings")
  const { id: workspace } = useWorkspace()
  if (!source.startsWith("message:")) return source
  return (
    <TextLink
      to="/w/$workspace/mailbox"
      params={{ workspace }}
      search={{ message: source.slice("message:".length) }}
      size="sm"
    >
      {t("suppressions.message")}
    </TextLink>
  )
}
