import { useTranslation } from "react-i18next"
import { Instant } from "../ui/Instant.tsx"
import { Tag, type Tone } from "../ui/Tag.tsx"
import type { Message } from "./message.ts"

const reactions = [
  ["openedAt", "message"],
  ["clickedAt", "message"],
  ["bouncedAt", "danger"],
  ["unsubscribedAt", "exit"],
] as const satisfies [keyof Message, Tone][]

/** What became of a message after it had left, each the first time. */
export function Reactions({ message }: { message: Message }) {
  const { t } = useTranslation("mailbox")
  const seen = reactions.filter(([name]) => message[name] !== undefined)
  if (seen.length === 0) return null
  return (
    <>
      <dt>{t("facts.after")}</dt>
      <dd>
        {seen.map(([name, tone]) => (
          <div key={name}>
            <Tag tone={tone}>{t(`reactions.${name}`)}</Tag> <Instant at={message[name] ?? ""} clock="real" />
          </div>
        ))}
      </dd>
    </>
  )
}
