import { Table } from "@mantine/core"
import { useTranslation } from "react-i18next"
import { Instant } from "../ui/Instant.tsx"
import { Panel } from "../ui/Panel.tsx"
import table from "../ui/table.module.css"
import classes from "./panels.module.css"
import type { Status } from "./status.ts"

/** The processes that carry customers on, and their share of the buckets. */
export function WorkerPanel({ workers, buckets }: { workers: Status["workers"]; buckets: number }) {
  const { t } = useTranslation("status")
  return (
    <Panel title={t("workers.title")} text={t("workers.text")} flush>
      {workers.length === 0 ? (
        <p className={classes.none}>{t("workers.none")}</p>
      ) : (
        <Table.ScrollContainer type="native" minWidth={560}>
          <Table className={table.table}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t("workers.worker")}</Table.Th>
                <Table.Th>{t("workers.release")}</Table.Th>
                <Table.Th>{t("workers.since")}</Table.Th>
                <Table.Th w="40%">{t("workers.buckets")}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {workers.map(worker => (
                <Table.Tr key={`${worker.id} ${worker.startedAt}`}>
                  <Table.Td>
                    <code>{worker.id}</code>
                  </Table.Td>
                  <Table.Td className={table.faint}>{worker.release}</Table.Td>
                  <Table.Td>
                    <Instant at={worker.startedAt} clock="real" />
                  </Table.Td>
                  <Table.Td>
                    <span className={classes.share}>
                      <span className={classes.number}>{worker.buckets}</span>
                      <span className={classes.bar} aria-hidden>
                        <span style={{ width: `${(worker.buckets / buckets) * 100}%` }} />
                      </span>
                    </span>
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </Panel>
  )
}
