import { Button, Table } from "@mantine/core"
import { IconSearchOff, IconUsers } from "@tabler/icons-react"
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
import { CustomerTable } from "./CustomerTable.tsx"

const route = getRouteApi("/w/$workspace/customers")
const pageSize = 50

export default function CustomersPage() {
  const { t } = useTranslation("customers")
  usePageTitle(t("title"))
  const api = useApi()
  const client = useApiClient()
  const { id: workspace } = useWorkspace()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const input = search.search ? { search: search.search, limit: pageSize } : { limit: pageSize }
  const customers = usePages({
    queryKey: api.customers.list.queryKey(input),
    load: page => client.customers.list.query({ ...input, ...page }),
  })
  const rows = customers.items
  return (
    <Page>
      <PageHeader title={t("title")} text={t("text")} />
      <search className={toolbar.root}>
        <SearchField
          label={t("search")}
          width={340}
          value={search.search ?? ""}
          onSearch={text => navigate({ search: text ? { search: text } : {}, replace: true })}
        />
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
        ) : search.search ? (
          <EmptyState
            icon={IconSearchOff}
            title={t("none.title", { search: search.search })}
            text={t("none.text")}
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
              <ButtonLink to="/w/$workspace/settings" params={{ workspace }} search={{ tab: "keys" }}>
                {t("empty.action")}
              </ButtonLink>
            }
          />
        )}
      </Panel>
      <MoreButton pages={customers} />
    </Page>
  )
}
