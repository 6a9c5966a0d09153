import { Link } from "@tanstack/react-router"
import { useTranslation } from "react-i18next"
import type { Outputs } from "../app/api.ts"
import { useWorkspace } from "../app/workspace.ts"
import { useJourneyName } from "../journeys/names.ts"
import { useNodeWords } from "../node-types/words.ts"
import { Instant } from "../ui/Instant.tsx"
import { Tag, type Tone } from "../ui/Tag.tsx"
import classes from "./MailboxPage.module.css"
import type { MailboxSearch, MessageState } from "./search.ts"

export const stateTone = { queued: "wait", sent: "entry", refused: "danger" } as const satisfies Record<
  MessageState,
  Tone
>

/** The messages as links; the one that is open is marked. */
export function MessageList(props: {
  items: Outputs["messages"]["list"]["items"]
  openId: string | undefined
  search: MailboxSearch
}) {
  const { t } = useTranslation("mailbox")
  const { id: workspace } = useWorkspace()
  const nameOf = useJourneyName()
  const words = useNodeWords()
  const openId = props.openId ?? props.items[0]?.id
  return (
    <nav aria-label={t("list")}>
      <ul className={classes.items}>
        {props.items.map(item => (
          <li key={item.id}>
            <Link
              to="/w/$workspace/mailbox"
              params={{ workspace }}
              search={{ ...props.search, message: item.id }}
              replace
              resetScroll={false}
              className={classes.item}
              aria-current={item.id === openId ? "true" : undefined}
            >
              <span className={classes.top}>
                <span className={classes.to}>{item.to ?? item.userId ?? t("nobody")}</span>
                <span className={classes.when}>
                  <Instant at={item.at} show="relative" />
                </span>
              </span>
              <span className={classes.subject}>{item.subject}</span>
              <span className={classes.from}>
                <span>{t("from", { journey: nameOf(item.journey), node: words.placeName(item) })}</span>
                {item.state !== "sent" && <Tag tone={stateTone[item.state]}>{t(`states.${item.state}`)}</Tag>}
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}
