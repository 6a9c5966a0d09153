import { Button, Checkbox, Select } from "@mantine/core"
import { IconMail, IconSearchOff } from "@tabler/icons-react"
import { useQuery } from "@tanstack/react-query"
import { getRouteApi } from "@tanstack/react-router"
import { useTranslation } from "react-i18next"
import { useApi, useApiClient } from "../app/api.ts"
import { usePageTitle } from "../app/page-title.ts"
import { usePages } from "../app/pages.ts"
import { useWorkspace } from "../app/workspace.ts"
import { EmptyState } from "../ui/EmptyState.tsx"
import { ErrorNote } from "../ui/ErrorNote.tsx"
import { ButtonLink } from "../ui/links.tsx"
import { MoreButton } from "../ui/MoreButton.tsx"
import { Page } from "../ui/Page.tsx"
import { PageHeader } from "../ui/PageHeader.tsx"
import { Panel } from "../ui/Panel.tsx"
import { TableSkeleton } from "../ui/TableSkeleton.tsx"
import toolbar from "../ui/toolbar.module.css"
import classes from "./MailboxPage.module.css"
import { MessageList } from "./MessageList.tsx"
import { ReadingPane } from "./ReadingPane.tsx"
import { type MailboxSearch, messageStates } from "./search.ts"

const route = getRouteApi("/w/$workspace/mailbox")
const pageSize = 50

/** Every message that journeys made, newest first, read as the customer gets it. */
export default function MailboxPage() {
  const { t } = useTranslation("mailbox")
  usePageTitle(t("title"))
  const api = useApi()
  const client = useApiClient()
  const workspace = useWorkspace()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const journeys = useQuery(api.journeys.list.queryOptions())
  const { message: openId, ...filter } = search
  const input = { ...filter, limit: pageSize }
  const messages = usePages({
    queryKey: api.messages.list.queryKey(input),
    load: page => client.messages.list.query({ ...input, ...page }),
    everyMs: 5_000,
  })
  const { items } = messages
  const filtered = Object.keys(filter).length > 0
  const change = (name: "journey" | "state", value: string | null) => {
    const { [name]: _, ...others } = search
    void navigate({ search: (value ? { ...others, [name]: value } : others) as MailboxSearch, replace: true })
  }
  return (
    <Page>
      <PageHeader title={t("title")} text={t(workspace.sandbox ? "text.sandbox" : "text.live")} />
      <search className={toolbar.root}>
        <Select
          aria-label={t("filter.journey")}
          placeholder={t("filter.everyJourney")}
          searchable
          clearable
          w={260}
          value={search.journey ?? null}
          data={(journeys.data ?? []).map(({ key, name }) => ({ value: key, label: name }))}
          onChange={value => change("journey", value)}
        />
        <Select
          aria-label={t("filter.state")}
          placeholder={t("filter.everyState")}
          clearable
          w={170}
          value={search.state ?? null}
          data={messageStates.map(value => ({ value, label: t(`states.${value}`) }))}
          onChange={value => change("state", value)}
        />
        <Checkbox
          label={t("filter.doubt")}
          checked={search.inDoubt ?? false}
          onChange={event => {
            const { inDoubt: _, ...others } = search
            const next: MailboxSearch = event.currentTarget.checked ? { ...others, inDoubt: true } : others
            void navigate({ search: next, replace: true })
          }}
        />
        {(search.userId || search.node) && (
          <Button variant="default" onClick={() => navigate({ search: {}, replace: true })}>
            {t("filter.clear")}
          </Button>
        )}
      </search>
      {messages.isPending ? (
        <Panel flush>
          <TableSkeleton rows={7} height={66} />
        </Panel>
      ) : messages.error ? (
        <ErrorNote error={messages.error} onRetry={messages.refetch} />
      ) : items.length === 0 && !openId ? (
        <Panel>
          {filtered ? (
            <EmptyState
              icon={IconSearchOff}
              title={t("none.title")}
              text={t("none.text")}
              action={
                <Button variant="default" onClick={() => navigate({ search: {}, replace: true })}>
                  {t("filter.clear")}
                </Button>
              }
            />
          ) : (
            <EmptyState
              icon={IconMail}
              title={t("empty.title")}
              text={t("empty.text")}
              action={
                <ButtonLink to="/w/$workspace/journeys" params={{ workspace: workspace.id }}>
                  {t("empty.action")}
                </ButtonLink>
              }
            />
          )}
        </Panel>
      ) : (
        <div className={classes.columns}>
          <div className={classes.list}>
            <MessageList items={items} openId={openId} search={search} />
            <MoreButton pages={messages} />
          </div>
          <ReadingPane key={openId ?? items[0]?.id} id={openId ?? items[0]?.id} />
        </div>
      )}
    </Page>
  )
}
