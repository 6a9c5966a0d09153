import { Group, Radio, Stack, Table, Text } from "@mantine/core"
import { useMutation, useQueryClient } from "@tanstack/react-query"
import { useState } from "react"
import { useTranslation } from "react-i18next"
import { useApi } from "../app/api.ts"
import { ErrorNote } from "../ui/ErrorNote.tsx"
import { Panel } from "../ui/Panel.tsx"
import { RoleButton } from "../ui/RoleButton.tsx"
import table from "../ui/table.module.css"
import type { ImportMapping, ImportPreview, ImportTarget, ImportView, Reading } from "./import.ts"
import classes from "./imports.module.css"
import { ReadingFields } from "./ReadingFields.tsx"
import { RowsPreview } from "./RowsPreview.tsx"
import { Target } from "./Target.tsx"
import { type MappingProblem, problemsOf } from "./targets.ts"

const modes = ["history", "live"] as const

/** What each column becomes, how the file is read, and what it may start; with the first rows as they would be read. */
export function MappingForm(props: { view: ImportView; preview: ImportPreview; onChecked: () => void }) {
  const { t } = useTranslation("imports")
  const api = useApi()
  const cache = useQueryClient()
  const { id } = props.view
  const [preview, setPreview] = useState(props.preview)
  const [mapping, setMapping] = useState<ImportMapping>(
    props.view.mapping?.columns.length === preview.columns.length
      ? props.view.mapping
      : { columns: suggestedBy(preview), dates: preview.dates, decimal: preview.decimal, mode: "history" },
  )
  const reading: Reading = { delimiter: preview.delimiter, encoding: preview.encoding }
  const readAnew = useMutation({
    mutationFn: (next: Reading) => cache.fetchQuery(api.imports.preview.queryOptions({ id, ...next })),
    // Other columns come out of it, so what they become is suggested anew.
    onSuccess: next => {
      setPreview(next)
      setMapping({ ...mapping, columns: suggestedBy(next) })
    },
  })
  const check = useMutation(
    api.imports.check.mutationOptions({
      onSuccess: checking => {
        cache.setQueryData(api.imports.get.queryKey({ id }), checking)
        props.onChecked()
      },
    }),
  )
  const problems = problemsOf(mapping.columns)
  const setColumn = (column: number, target: ImportTarget) =>
    setMapping({ ...mapping, columns: mapping.columns.map((old, at) => (at === column ? target : old)) })
  return (
    <Stack gap="lg">
      <Panel title={t("mapping.title")} text={t("mapping.text")} flush>
        <Columns preview={preview} targets={mapping.columns} problems={problems} onChange={setColumn} />
        <ReadingFields reading={reading} onRead={readAnew.mutate} mapping={mapping} onMap={setMapping} />
        {readAnew.error && <ErrorNote inset error={readAnew.error} />}
      </Panel>
      {problems.length === 0 && <RowsPreview id={id} mapping={mapping} reading={reading} />}
      <Panel title={t("mode.title")}>
        <Radio.Group
          aria-label={t("mode.title")}
          value={mapping.mode}
          onChange={value =>
            setMapping({ ...mapping, mode: modes.find(mode => mode === value) ?? "history" })
          }
        >
          <Stack gap="sm">
            {modes.map(mode => (
              <Radio
                key={mode}
                value={mode}
                label={t(`mode.${mode}.name`)}
                description={t(`mode.${mode}.text`)}
              />
            ))}
          </Stack>
        </Radio.Group>
      </Panel>
      {check.error && <ErrorNote error={check.error} />}
      <Group justify="flex-end" gap="md">
        {problems.some(({ kind }) => kind === "nobody") && (
          <Text size="sm" c="var(--warning)" role="status">
            {t("mapping.problems.nobody")}
          </Text>
        )}
        <RoleButton
          needs="editor"
          loading={check.isPending}
          disabled={problems.length > 0}
          onClick={() => check.mutate({ id, mapping, ...reading })}
        >
          {t("check")}
        </RoleButton>
      </Group>
    </Stack>
  )
}

const suggestedBy = (preview: ImportPreview): ImportTarget[] =>
  preview.columns.map(({ suggested }) => suggested)

function Columns(props: {
  preview: ImportPreview
  targets: readonly ImportTarget[]
  problems: readonly MappingProblem[]
  onChange: (column: number, target: ImportTarget) => void
}) {
  const { t } = useTranslation("imports")
  return (
    <Table.ScrollContainer type="native" minWidth={860}>
      <Table className={table.table} aria-label={t("mapping.title")} verticalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("mapping.column")}</Table.Th>
            <Table.Th>{t("mapping.samples")}</Table.Th>
            <Table.Th>{t("mapping.becomes")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {props.targets.map((target, column) => {
            const { name: given = "", samples = [] } = props.preview.columns[column] ?? {}
            const name = given || t("mapping.unnamedColumn", { column: column + 1 })
            return (
              // biome-ignore lint/suspicious/noArrayIndexKey: a file may have two columns of one name; they never move
              <Table.Tr key={column}>
                <Table.Td className={classes.column}>{name}</Table.Td>
                <Table.Td className={classes.samples}>{samples.slice(0, 3).join(" · ")}</Table.Td>
                <Table.Td>
                  <Target
                    column={name}
                    target={target}
                    problem={props.problems.find(each => each.kind !== "nobody" && each.column === column)}
                    onChange={next => props.onChange(column, next)}
                  />
                </Table.Td>
              </Table.Tr>
            )
          })}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}
