import { Table } from "@mantine/core"
import { IconHistory } from "@tabler/icons-react"
import { useQuery } from "@tanstack/react-query"
import { Link } from "@tanstack/react-router"
import { useTranslation } from "react-i18next"
import { useApi } from "../app/api.ts"
import { useFormat } from "../app/format.ts"
import { usePageTitle } from "../app/page-title.ts"
import { useWorkspace } from "../app/workspace.ts"
import { BackLink } from "../ui/BackLink.tsx"
import { EmptyState } from "../ui/EmptyState.tsx"
import { ErrorNote } from "../ui/ErrorNote.tsx"
import { Instant } from "../ui/Instant.tsx"
import { Page } from "../ui/Page.tsx"
import { PageHeader } from "../ui/PageHeader.tsx"
import { Panel } from "../ui/Panel.tsx"
import { TableSkeleton } from "../ui/TableSkeleton.tsx"
import { Tag } from "../ui/Tag.tsx"
import table from "../ui/table.module.css"
import { FileDrop } from "./FileDrop.tsx"
import { type ImportView, isRunning } from "./import.ts"
import { stateTone } from "./state.ts"

/** Where customers come in from a file, and the files that came in before. */
export default function ImportsPage() {
  const { t } = useTranslation("imports")
  usePageTitle(t("title"))
  const api = useApi()
  const { id: workspace } = useWorkspace()
  const imports = useQuery(
    api.imports.list.queryOptions(undefined, {
      refetchInterval: query => (query.state.data?.some(isRunning) ? 2_000 : 30_000),
    }),
  )
  return (
    <Page>
      <PageHeader
        title={t("title")}
        text={t("text")}
        before={
          <BackLink to="/w/$workspace/customers" params={{ workspace }}>
            {t("back")}
          </BackLink>
        }
      />
      <FileDrop />
      <Panel title={t("past.title")} flush>
        {imports.isPending ? (
          <TableSkeleton rows={3} height={57} />
        ) : imports.error ? (
          <ErrorNote inset error={imports.error} onRetry={imports.refetch} />
        ) : imports.data.length === 0 ? (
          <EmptyState
            icon={IconHistory}
            heading={3}
            title={t("past.none.title")}
            text={t("past.none.text")}
          />
        ) : (
          <Table.ScrollContainer type="native" minWidth={760}>
            <PastImports imports={imports.data} />
          </Table.ScrollContainer>
        )}
      </Panel>
    </Page>
  )
}

function PastImports({ imports }: { imports: ImportView[] }) {
  const { t } = useTranslation("imports")
  const format = useFormat()
  const { id: workspace } = useWorkspace()
  const number = (value: number | undefined) =>
    value === undefined ? <span className={table.faint}>{t("past.nothing")}</span> : format.number(value)
  return (
    <Table className={table.table} aria-label={t("past.title")}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t("past.file")}</Table.Th>
          <Table.Th>{t("past.state")}</Table.Th>
          <Table.Th className={table.number}>{t("counts.rows")}</Table.Th>
          <Table.Th className={table.number}>{t("counts.new")}</Table.Th>
          <Table.Th className={table.number}>{t("counts.changed")}</Table.Th>
          <Table.Th className={table.number}>{t("counts.rejected")}</Table.Th>
          <Table.Th>{t("past.by")}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {imports.map(each => {
          const counts = each.imported ?? each.checked
          return (
            <Table.Tr key={each.id}>
              <Table.Td>
                <Link
                  to="/w/$workspace/import/$import"
                  params={{ workspace, import: each.id }}
                  className={table.name}
                >
                  {each.name}
                </Link>
              </Table.Td>
              <Table.Td>
                <Tag tone={stateTone[each.state]}>{t(`states.${each.state}`)}</Tag>
              </Table.Td>
              <Table.Td className={table.number}>{number(each.rows)}</Table.Td>
              <Table.Td className={table.number}>{number(counts?.new)}</Table.Td>
              <Table.Td className={table.number}>{number(counts?.changed)}</Table.Td>
              <Table.Td className={table.number}>{number(counts?.rejected)}</Table.Td>
              <Table.Td>
                {each.by}
                <span className={table.under}>
                  <Instant at={each.createdAt} show="relative" clock="real" />
                </span>
              </Table.Td>
            </Table.Tr>
          )
        })}
      </Table.Tbody>
    </Table>
  )
}
