import { Table } from "@mantine/core"
import { Link } from "@tanstack/react-router"
import { useTranslation } from "react-i18next"
import type { Outputs } from "../app/api.ts"
import { useFormat } from "../app/format.ts"
import { useWorkspace } from "../app/workspace.ts"
import { Instant } from "../ui/Instant.tsx"
import table from "../ui/table.module.css"

export type CustomerRow = Outputs["customers"]["list"]["items"][number]

/** The customers as rows: who they are, when they were last heard of, and in how many journeys they stand. */
export function CustomerTable({ rows }: { rows: CustomerRow[] }) {
  const { t } = useTranslation("customers")
  const format = useFormat()
  const { id: workspace } = useWorkspace()
  return (
    <Table className={table.table} aria-label={t("title")}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t("columns.customer")}</Table.Th>
          <Table.Th>{t("columns.email")}</Table.Th>
          <Table.Th className={table.number}>{t("columns.inside")}</Table.Th>
          <Table.Th>{t("columns.lastSeenAt")}</Table.Th>
          <Table.Th>{t("columns.createdAt")}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map(row => (
          <Table.Tr key={row.id}>
            <Table.Td>
              <Link
                to="/w/$workspace/customers/$id"
                params={{ workspace, id: row.id }}
                className={table.name}
              >
                {row.name ?? row.userId ?? row.email ?? t("anonymous")}
              </Link>
              {row.name && row.userId && <span className={table.under}>{row.userId}</span>}
            </Table.Td>
            <Table.Td>{row.email ?? <span className={table.faint}>{t("unknown")}</span>}</Table.Td>
            <Table.Td className={table.number}>
              <span className={row.inside === 0 ? table.faint : undefined}>{format.number(row.inside)}</span>
            </Table.Td>
            <Table.Td>
              {row.lastSeenAt ? <Instant at={row.lastSeenAt} show="relative" /> : t("unknown")}
            </Table.Td>
            <Table.Td>
              <Instant at={row.createdAt} show="date" />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}
