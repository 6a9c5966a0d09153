import { Button, Select, Table } from "@mantine/core"
import { IconFileImport, IconSearchOff, IconUsers } from "@tabler/icons-react"
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
import { SearchField } from "../ui/SearchField.tsx"
import { TableSkeleton } from "../ui/TableSkeleton.tsx"
import toolbar from "../ui/toolbar.module.css"
import { ConditionPill } from "./ConditionPill.tsx"
import { CustomerTable } from "./CustomerTable.tsx"
import { type CustomersSearch, consentStates } from "./search.ts"

const route = getRouteApi("/w/$workspace/customers")
const pageSize = 50

/** Everybody who is known here, searched and filtered; the address keeps what is asked for. */
export default function CustomersPage() {
  const { t } = useTranslation("customers")
  usePageTitle(t("title"))
  const api = useApi()
  const client = useApiClient()
  const { id: workspace } = useWorkspace()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const journeys = useQuery(api.journeys.list.queryOptions())
  const input = { ...search, limit: pageSize }
  const customers = usePages({
    queryKey: api.customers.list.queryKey(input),
    load: page => client.customers.list.query({ ...input, ...page }),
  })
  const rows = customers.items
  const change = (name: keyof CustomersSearch, value: string | null) => {
    const { [name]: _, ...others } = search
    void navigate({
      search: (value ? { ...others, [name]: value } : others) as CustomersSearch,
      replace: true,
    })
  }
  const importLink = (
    <ButtonLink
      to="/w/$workspace/import"
      params={{ workspace }}
      variant="default"
      leftSection={<IconFileImport size={16} aria-hidden />}
    >
      {t("import")}
    </ButtonLink>
  )
  const isFiltered = Object.keys(search).length > 0
  return (
    <Page>
      <PageHeader title={t("title")} text={t("text")} actions={importLink} />
      <search className={toolbar.root}>
        <SearchField
          label={t("search")}
          width={340}
          value={search.search ?? ""}
          onSearch={text => change("search", text)}
        />
        <Select
          aria-label={t("filter.inside")}
          placeholder={t("filter.anyJourney")}
          searchable
          clearable
          w={230}
          value={search.inside ?? null}
          data={(journeys.data ?? []).map(({ key, name }) => ({ value: key, label: name }))}
          onChange={value => change("inside", value)}
        />
        <Select
          aria-label={t("filter.consent")}
          placeholder={t("filter.anyConsent")}
          clearable
          w={190}
          value={search.consent ?? null}
          data={consentStates.map(value => ({ value, label: t(`consent.states.${value}`) }))}
          onChange={value => change("consent", value)}
        />
        {search.condition && (
          <ConditionPill condition={search.condition} onRemove={() => change("condition", null)} />
        )}
      </search>
      <Panel flush>
        {customers.isPending ? (
          <TableSkeleton rows={8} height={57} />
        ) : customers.error ? (
          <ErrorNote inset error={customers.error} onRetry={customers.refetch} />
        ) : rows.length > 0 ? (
          <Table.ScrollContainer type="native" minWidth={760}>
            <CustomerTable rows={rows} />
          </Table.ScrollContainer>
        ) : customers.hasNextPage ? (
          // A condition is asked part by part: this part had nobody, the rest may.
          <EmptyState icon={IconSearchOff} title={t("goOn.title")} text={t("goOn.text")} />
        ) : isFiltered ? (
          <EmptyState
            icon={IconSearchOff}
            title={search.search ? t("none.title", { search: search.search }) : t("none.filtered")}
            text={search.search ? t("none.text") : t("none.filteredText")}
            action={
              <Button variant="default" onClick={() => navigate({ search: {}, replace: true })}>
                {t("none.clear")}
              </Button>
            }
          />
        ) : (
          <EmptyState
            icon={IconUsers}
            title={t("empty.title")}
            text={t("empty.text")}
            action={
              <>
                {importLink}{" "}
                <ButtonLink to="/w/$workspace/settings" params={{ workspace }} search={{ tab: "keys" }}>
                  {t("empty.action")}
                </ButtonLink>
              </>
            }
          />
        )}
      </Panel>
      <MoreButton pages={customers} />
    </Page>
  )
}
