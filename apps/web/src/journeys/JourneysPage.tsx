import { Button, Select, Table } from "@mantine/core"
import { IconPlus, IconSearchOff } from "@tabler/icons-react"
import { useQuery } from "@tanstack/react-query"
import { getRouteApi } from "@tanstack/react-router"
import { useDeferredValue, useMemo, useState } from "react"
import { useTranslation } from "react-i18next"
import { useApi } from "../app/api.ts"
import { usePageTitle } from "../app/page-title.ts"
import { RunningNote } from "../sample-store/RunningNote.tsx"
import { EmptyState } from "../ui/EmptyState.tsx"
import { ErrorNote } from "../ui/ErrorNote.tsx"
import { Page } from "../ui/Page.tsx"
import { PageHeader } from "../ui/PageHeader.tsx"
import { Panel } from "../ui/Panel.tsx"
import { RoleButton } from "../ui/RoleButton.tsx"
import { SearchField } from "../ui/SearchField.tsx"
import { TableSkeleton } from "../ui/TableSkeleton.tsx"
import toolbar from "../ui/toolbar.module.css"
import { FirstSteps } from "./FirstSteps.tsx"
import { JourneyTable } from "./JourneyTable.tsx"
import { selectRows } from "./list.ts"
import { NewJourneyDialog } from "./NewJourneyDialog.tsx"
import type { JourneysSearch } from "./search.ts"
import { journeyStatuses } from "./status.ts"

const route = getRouteApi("/w/$workspace/journeys")

export default function JourneysPage() {
  const { t, i18n } = useTranslation("journeys")
  usePageTitle(t("title"))
  const api = useApi()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const journeys = useQuery(api.journeys.list.queryOptions(undefined, { refetchInterval: 10_000 }))
  const [creating, setCreating] = useState(false)
  const asked = useDeferredValue(search)
  const rows = useMemo(
    () => selectRows(journeys.data ?? [], asked, i18n.language),
    [journeys.data, asked, i18n.language],
  )
  const change = (next: JourneysSearch) => navigate({ search: next, replace: true })
  const newJourney = (
    <RoleButton
      needs="editor"
      leftSection={<IconPlus size={16} aria-hidden />}
      onClick={() => setCreating(true)}
    >
      {t("new.open")}
    </RoleButton>
  )
  const isEmpty = journeys.data?.length === 0
  return (
    <Page>
      <PageHeader title={t("title")} text={t("text")} actions={!isEmpty && newJourney} />
      <RunningNote />
      {journeys.data && journeys.data.length > 0 && (
        <search className={toolbar.root}>
          <SearchField
            label={t("search")}
            restMs={60}
            value={search.search ?? ""}
            onSearch={text => change(withoutEmpty({ ...search, search: text }))}
          />
          <Select
            aria-label={t("status.filter")}
            placeholder={t("status.all")}
            clearable
            w={170}
            value={search.status ?? null}
            data={journeyStatuses.map(value => ({ value, label: t(`status.${value}`) }))}
            onChange={value => {
              const status = journeyStatuses.find(each => each === value)
              const { status: _, ...rest } = search
              change(status ? { ...rest, status } : rest)
            }}
          />
          <span className={toolbar.count} aria-live="polite">
            {t("count", { count: rows.length })}
          </span>
        </search>
      )}
      {isEmpty ? (
        <FirstSteps newJourney={newJourney} />
      ) : (
        <Panel flush>
          {journeys.isPending ? (
            <TableSkeleton rows={6} height={57} />
          ) : journeys.error ? (
            <ErrorNote inset error={journeys.error} onRetry={journeys.refetch} />
          ) : rows.length === 0 ? (
            <EmptyState
              icon={IconSearchOff}
              title={t("none.title")}
              text={t("none.text")}
              action={
                <Button variant="default" onClick={() => change({})}>
                  {t("none.clear")}
                </Button>
              }
            />
          ) : (
            <Table.ScrollContainer type="native" minWidth={860}>
              <JourneyTable rows={rows} search={search} onSort={change} />
            </Table.ScrollContainer>
          )}
        </Panel>
      )}
      <NewJourneyDialog opened={creating} onClose={() => setCreating(false)} />
    </Page>
  )
}

function withoutEmpty(search: JourneysSearch): JourneysSearch {
  const { search: text, ...rest } = search
  return text ? { ...rest, search: text } : rest
}
