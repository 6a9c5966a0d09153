import { SegmentedControl, Skeleton, Title } from "@mantine/core"
import { IconMailOpened } from "@tabler/icons-react"
import { keepPreviousData, useQuery } from "@tanstack/react-query"
import { useState } from "react"
import { useTranslation } from "react-i18next"
import { useApi } from "../app/api.ts"
import { useWorkspace } from "../app/workspace.ts"
import { useJourneyName } from "../journeys/names.ts"
import { useNodeWords } from "../node-types/words.ts"
import { EmptyState } from "../ui/EmptyState.tsx"
import { ErrorNote } from "../ui/ErrorNote.tsx"
import { Instant } from "../ui/Instant.tsx"
import { TextLink } from "../ui/links.tsx"
import { Tag } from "../ui/Tag.tsx"
import classes from "./MailboxPage.module.css"
import { stateTone } from "./MessageList.tsx"
import { Reactions } from "./Reactions.tsx"
import { Refused } from "./Refused.tsx"

/** One message as the customer gets it: the HTML in a frame that can run and load nothing, or its plain text. */
export function ReadingPane({ id }: { id: string | undefined }) {
  const { t } = useTranslation("mailbox")
  const api = useApi()
  const { id: workspace } = useWorkspace()
  const nameOf = useJourneyName()
  const words = useNodeWords()
  const [form, setForm] = useState<"html" | "text">("html")
  const message = useQuery(
    api.messages.get.queryOptions(
      { id: id ?? "" },
      { enabled: id !== undefined, placeholderData: keepPreviousData },
    ),
  )
  if (id === undefined) {
    return (
      <div className={classes.pane}>
        <EmptyState icon={IconMailOpened} title={t("choose.title")} text={t("choose.text")} />
      </div>
    )
  }
  if (message.error) {
    return (
      <div className={classes.pane}>
        <ErrorNote inset error={message.error} onRetry={message.refetch} />
      </div>
    )
  }
  if (!message.data) {
    return (
      <div className={classes.pane}>
        <div className={classes.head}>
          <Skeleton height={20} width="60%" mb={14} />
          <Skeleton height={12} width="40%" />
        </div>
      </div>
    )
  }
  const { channel, subject, to, at, sentAt, journey, userId, state, html, text } = message.data
  return (
    <article className={classes.pane} aria-label={t("message", { subject })}>
      <header className={classes.head}>
        <div className={classes.headTop}>
          <Title order={2}>{subject}</Title>
          {channel === "email" && (
            <SegmentedControl
              size="xs"
              aria-label={t("form.label")}
              value={form}
              onChange={value => setForm(value === "text" ? "text" : "html")}
              data={[
                { value: "html", label: t("form.html") },
                { value: "text", label: t("form.text") },
              ]}
            />
          )}
        </div>
        <dl className={classes.facts}>
          <dt>{t("facts.to")}</dt>
          <dd>
            {to ?? t("nobody")}
            {userId && (
              <>
                {" · "}
                <TextLink to="/w/$workspace/customers/$id" params={{ workspace, id: userId }} size="sm">
                  {userId}
                </TextLink>
              </>
            )}
          </dd>
          <dt>{t("facts.journey")}</dt>
          <dd>
            <TextLink to="/w/$workspace/journeys/$key" params={{ workspace, key: journey }} size="sm">
              {nameOf(journey)}
            </TextLink>
            {` · ${words.placeName(message.data)}`}
          </dd>
          <dt>{t("facts.at")}</dt>
          <dd>
            <Instant at={sentAt ?? at} /> <Tag tone={stateTone[state]}>{t(`states.${state}`)}</Tag>
          </dd>
          <Reactions message={message.data} />
        </dl>
      </header>
      <Refused message={message.data} />
      <div className={classes.body}>
        {channel === "email" && form === "html" ? (
          <iframe className={classes.frame} title={t("frame", { subject })} sandbox="" srcDoc={html} />
        ) : (
          <pre className={classes.text}>{text}</pre>
        )}
      </div>
    </article>
  )
}
