import { Table, VisuallyHidden } from "@mantine/core"
import { Link } from "@tanstack/react-router"
import { useVirtualizer } from "@tanstack/react-virtual"
import { useTranslation } from "react-i18next"
import { useFormat } from "../app/format.ts"
import { useWorkspace } from "../app/workspace.ts"
import { Instant } from "../ui/Instant.tsx"
import { SortHeader, type SortOrder } from "../ui/SortHeader.tsx"
import { Tag } from "../ui/Tag.tsx"
import table from "../ui/table.module.css"
import { JourneyMenu } from "./JourneyMenu.tsx"
import type { JourneyRow } from "./list.ts"
import type { JourneysSearch, sortColumns } from "./search.ts"
import { statusTone } from "./status.ts"

const rowHeight = 57

/** The journeys as rows. Only those in sight are drawn, so that a thousand open as fast as ten. */
export function JourneyTable(props: {
  rows: JourneyRow[]
  search: JourneysSearch
  onSort: (search: JourneysSearch) => void
}) {
  const { t } = useTranslation("journeys")
  const virtual = useVirtualizer({
    count: props.rows.length,
    getScrollElement: () => document.getElementById("main"),
    estimateSize: () => rowHeight,
    overscan: 8,
    initialRect: { width: 0, height: 1000 },
  })
  const shown = virtual.getVirtualItems()
  const before = shown[0]?.start ?? 0
  const after = virtual.getTotalSize() - (shown.at(-1)?.end ?? 0)
  const head = (column: (typeof sortColumns)[number], numeric: boolean, width?: number) => {
    const sorted = (props.search.sort ?? "updatedAt") === column
    const first: SortOrder = column === "name" ? "asc" : "desc"
    const order = sorted ? (props.search.order ?? first) : undefined
    const next: SortOrder = order === undefined ? first : order === "asc" ? "desc" : "asc"
    return (
      <SortHeader
        label={t(`columns.${column}`)}
        numeric={numeric}
        order={order}
        onSort={() => props.onSort({ ...props.search, sort: column, order: next })}
        {...(width ? { width } : {})}
      />
    )
  }
  return (
    <Table className={table.table} aria-label={t("title")} aria-rowcount={props.rows.length + 1}>
      <Table.Thead>
        <Table.Tr>
          {head("name", false)}
          <Table.Th w={110}>{t("columns.status")}</Table.Th>
          <Table.Th w={130}>{t("columns.version")}</Table.Th>
          {head("entered24h", true, 120)}
          {head("inside", true, 100)}
          {head("ended", true, 100)}
          {head("failed", true, 90)}
          {head("updatedAt", false, 150)}
          <Table.Th w={56}>
            <VisuallyHidden>{t("columns.actions")}</VisuallyHidden>
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {before > 0 && <tr style={{ height: before }} aria-hidden />}
        {shown.map(item => {
          const row = props.rows[item.index]
          return row && <JourneyLine key={row.key} row={row} index={item.index} />
        })}
        {after > 0 && <tr style={{ height: after }} aria-hidden />}
      </Table.Tbody>
    </Table>
  )
}

function JourneyLine({ row, index }: { row: JourneyRow; index: number }) {
  const { t } = useTranslation("journeys")
  const format = useFormat()
  const { id: workspace } = useWorkspace()
  return (
    <Table.Tr aria-rowindex={index + 2} style={{ height: rowHeight }}>
      <Table.Td>
        <Link to="/w/$workspace/journeys/$key" params={{ workspace, key: row.key }} className={table.name}>
          {row.name}
        </Link>
        <span className={table.under}>{row.key}</span>
      </Table.Td>
      <Table.Td>
        <Tag tone={statusTone[row.status]}>{t(`status.${row.status}`)}</Tag>
      </Table.Td>
      <Table.Td>
        {row.version === null ? (
          <span className={table.faint}>{t("version.none")}</span>
        ) : (
          t("version.number", { number: row.version })
        )}
        {row.version !== null && row.changed && <span className={table.under}>{t("version.changed")}</span>}
      </Table.Td>
      {([row.entered24h, row.inside, row.ended] as const).map((value, column) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the columns never move
        <Table.Td key={column} className={table.number}>
          <span className={value === 0 ? table.faint : undefined}>{format.number(value)}</span>
        </Table.Td>
      ))}
      <Table.Td className={table.number}>
        <span
          style={row.failed > 0 ? { color: "var(--danger)", fontWeight: 600 } : { color: "var(--ink-soft)" }}
        >
          {format.number(row.failed)}
        </span>
      </Table.Td>
      <Table.Td>
        <Instant at={row.updatedAt} show="relative" clock="real" />
      </Table.Td>
      <Table.Td>
        <JourneyMenu row={row} />
      </Table.Td>
    </Table.Tr>
  )
}
