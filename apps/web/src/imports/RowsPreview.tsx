import { Skeleton, Table } from "@mantine/core"
import { useDebouncedValue } from "@mantine/hooks"
import { keepPreviousData, useQuery } from "@tanstack/react-query"
import { useTranslation } from "react-i18next"
import { useApi } from "../app/api.ts"
import { useIdentityName } from "../customers/identity-name.ts"
import { showValue } from "../customers/json-value.ts"
import { ErrorNote } from "../ui/ErrorNote.tsx"
import { Panel } from "../ui/Panel.tsx"
import table from "../ui/table.module.css"
import type { ImportMapping, Reading } from "./import.ts"
import classes from "./imports.module.css"
import { useProblemText } from "./problem-text.ts"

const restMs = 250

/** The first ten rows as they would be read with this mapping: who they are about, what would be known, what is wrong. */
export function RowsPreview({
  id,
  mapping,
  reading,
}: {
  id: string
  mapping: ImportMapping
  reading: Reading
}) {
  const { t } = useTranslation("imports")
  const api = useApi()
  const nameOf = useIdentityName()
  const say = useProblemText()
  const [rested] = useDebouncedValue(mapping, restMs)
  const rows = useQuery(
    api.imports.rows.queryOptions({ id, mapping: rested, ...reading }, { placeholderData: keepPreviousData }),
  )
  const shown = rows.data?.rows ?? []
  const kinds = [...new Set(shown.flatMap(row => row.identities.map(({ kind }) => kind)))]
  // An address and a phone number are values of their identities already.
  const attributes = [...new Set(shown.flatMap(row => Object.keys(row.attributes)))].filter(
    name => !kinds.includes(name),
  )
  return (
    <Panel title={t("preview.title")} text={t("preview.text")} flush>
      {rows.isPending ? (
        <Skeleton height={240} m="md" />
      ) : rows.error ? (
        <ErrorNote inset error={rows.error} onRetry={rows.refetch} />
      ) : (
        <Table.ScrollContainer type="native" minWidth={600}>
          <Table className={table.table} aria-label={t("preview.title")}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t("preview.line")}</Table.Th>
                {kinds.map(kind => (
                  <Table.Th key={kind}>{nameOf(kind)}</Table.Th>
                ))}
                {attributes.map(name => (
                  <Table.Th key={name}>{name}</Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {shown.map(row => (
                <Table.Tr key={row.line} data-rejected={row.problem !== undefined}>
                  <Table.Td className={table.faint}>{row.line}</Table.Td>
                  {row.problem ? (
                    <Table.Td
                      colSpan={Math.max(1, kinds.length + attributes.length)}
                      className={classes.rejected}
                    >
                      {say(row.problem)}
                    </Table.Td>
                  ) : (
                    <>
                      {kinds.map(kind => (
                        <Table.Td key={kind} className={classes.cell}>
                          {row.identities.find(each => each.kind === kind)?.value}
                        </Table.Td>
                      ))}
                      {attributes.map(name => (
                        <Table.Td key={name} className={classes.cell}>
                          {name in row.attributes && showValue(row.attributes[name])}
                        </Table.Td>
                      ))}
                    </>
                  )}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </Panel>
  )
}
