import { Button, Table } from "@mantine/core"
import { IconDownload } from "@tabler/icons-react"
import { useQuery } from "@tanstack/react-query"
import { useTranslation } from "react-i18next"
import { useApi } from "../app/api.ts"
import { useMay } from "../app/role.ts"
import { useWorkspace } from "../app/workspace.ts"
import { ErrorNote } from "../ui/ErrorNote.tsx"
import { Panel } from "../ui/Panel.tsx"
import { TableSkeleton } from "../ui/TableSkeleton.tsx"
import table from "../ui/table.module.css"
import classes from "./imports.module.css"
import { useProblemText } from "./problem-text.ts"

/** The first rows that stay out, each with why, and all of them as a file to mend. */
export function Rejects({ id }: { id: string }) {
  const { t, i18n } = useTranslation("imports")
  const api = useApi()
  const may = useMay()
  const { id: workspace } = useWorkspace()
  const say = useProblemText()
  const rejects = useQuery(api.imports.rejects.queryOptions({ id }))
  const query = new URLSearchParams({ workspace, language: i18n.language })
  return (
    <Panel
      title={t("rejects.title")}
      text={
        rejects.data && t("rejects.text", { count: rejects.data.items.length, total: rejects.data.total })
      }
      actions={
        may.edit && (
          <Button
            component="a"
            href={`/api/imports/${id}/rejects.csv?${query}`}
            download
            variant="default"
            leftSection={<IconDownload size={16} aria-hidden />}
          >
            {t("rejects.download")}
          </Button>
        )
      }
      flush
    >
      {rejects.isPending ? (
        <TableSkeleton rows={3} />
      ) : rejects.error ? (
        <ErrorNote inset error={rejects.error} onRetry={rejects.refetch} />
      ) : (
        <Table.ScrollContainer type="native" minWidth={640} mah={420}>
          <Table className={table.table} aria-label={t("rejects.title")}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t("preview.line")}</Table.Th>
                <Table.Th>{t("rejects.why")}</Table.Th>
                <Table.Th>{t("rejects.row")}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {rejects.data.items.map(({ line, problem, row }) => (
                <Table.Tr key={line}>
                  <Table.Td className={table.faint}>{line}</Table.Td>
                  <Table.Td>{say(problem)}</Table.Td>
                  <Table.Td className={classes.row}>{row.filter(cell => cell !== "").join(" · ")}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </Panel>
  )
}
