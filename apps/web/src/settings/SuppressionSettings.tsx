import { Button, Group, Modal, Stack, Table, Text, TextInput, VisuallyHidden } from "@mantine/core"
import { useForm } from "@mantine/form"
import { IconMailOff, IconPlus } from "@tabler/icons-react"
import { useMutation, useQueryClient } from "@tanstack/react-query"
import { useState } from "react"
import { useTranslation } from "react-i18next"
import { type Outputs, useApi, useApiClient } from "../app/api.ts"
import { usePages } from "../app/pages.ts"
import { ConfirmDialog } from "../ui/ConfirmDialog.tsx"
import { EmptyState } from "../ui/EmptyState.tsx"
import { ErrorNote } from "../ui/ErrorNote.tsx"
import { Instant } from "../ui/Instant.tsx"
import { MoreButton } from "../ui/MoreButton.tsx"
import { Panel } from "../ui/Panel.tsx"
import { RoleButton } from "../ui/RoleButton.tsx"
import { SearchField } from "../ui/SearchField.tsx"
import { TableSkeleton } from "../ui/TableSkeleton.tsx"
import table from "../ui/table.module.css"
import { SuppressionReason, SuppressionSource } from "./SuppressionWords.tsx"

type Item = Outputs["suppressions"]["list"]["items"][number]

const pageSize = 50

/** The addresses that get no e-mail, with why and since when; editors add and take off. */
export function SuppressionSettings() {
  const { t } = useTranslation("settings")
  const api = useApi()
  const client = useApiClient()
  const [search, setSearch] = useState("")
  const [adding, setAdding] = useState(false)
  const [removing, setRemoving] = useState<Item>()
  const input = search ? { search, limit: pageSize } : { limit: pageSize }
  const list = usePages({
    queryKey: api.suppressions.list.queryKey(input),
    load: page => client.suppressions.list.query({ ...input, ...page }),
  })
  const add = (
    <RoleButton
      needs="editor"
      leftSection={<IconPlus size={16} aria-hidden />}
      onClick={() => setAdding(true)}
    >
      {t("suppressions.add")}
    </RoleButton>
  )
  return (
    <Panel title={t("suppressions.title")} text={t("suppressions.text")} actions={add} flush>
      <Group component="search" px={20} pb="md">
        <SearchField label={t("suppressions.search")} value={search} onSearch={setSearch} />
      </Group>
      {list.isPending ? (
        <TableSkeleton rows={3} />
      ) : list.error ? (
        <ErrorNote inset error={list.error} onRetry={list.refetch} />
      ) : list.items.length === 0 ? (
        <EmptyState
          icon={IconMailOff}
          title={t(search ? "suppressions.none.title" : "suppressions.empty.title")}
          text={t(search ? "suppressions.none.text" : "suppressions.empty.text")}
        />
      ) : (
        <Table.ScrollContainer type="native" minWidth={640}>
          <Table className={table.table} aria-label={t("suppressions.title")}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t("suppressions.address")}</Table.Th>
                <Table.Th>{t("suppressions.reason")}</Table.Th>
                <Table.Th>{t("suppressions.since")}</Table.Th>
                <Table.Th>{t("suppressions.source")}</Table.Th>
                <Table.Th>
                  <VisuallyHidden>{t("suppressions.actions")}</VisuallyHidden>
                </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {list.items.map(item => (
                <Table.Tr key={`${item.address} ${item.reason}`}>
                  <Table.Td>{item.address}</Table.Td>
                  <Table.Td>
                    <SuppressionReason reason={item.reason} />
                  </Table.Td>
                  <Table.Td>
                    <Instant at={item.at} clock="real" />
                  </Table.Td>
                  <Table.Td>
                    <SuppressionSource source={item.source} />
                  </Table.Td>
                  <Table.Td className={table.number}>
                    <RoleButton
                      needs="editor"
                      size="xs"
                      variant="default"
                      aria-label={t("suppressions.removeLabel", { address: item.address })}
                      onClick={() => setRemoving(item)}
                    >
                      {t("suppressions.remove")}
                    </RoleButton>
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      <MoreButton pages={list} />
      {adding && <AddDialog onClose={() => setAdding(false)} />}
      <RemoveSuppression item={removing} onClose={() => setRemoving(undefined)} />
    </Panel>
  )
}

function AddDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("settings")
  const { t: tUi } = useTranslation("ui")
  const api = useApi()
  const cache = useQueryClient()
  const form = useForm({
    initialValues: { address: "" },
    validate: {
      address: value => (/^\S+@\S+$/.test(value.trim()) ? null : t("suppressions.addressWrong")),
    },
  })
  const add = useMutation(
    api.suppressions.add.mutationOptions({
      onSuccess: () => {
        onClose()
        return cache.invalidateQueries(api.suppressions.pathFilter())
      },
    }),
  )
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("suppressions.add")}
      closeButtonProps={{ "aria-label": tUi("dialog.close") }}
    >
      <form noValidate onSubmit={form.onSubmit(({ address }) => add.mutate({ address: address.trim() }))}>
        <Stack gap="md">
          <Text size="sm">{t("suppressions.addText")}</Text>
          <TextInput
            label={t("suppressions.address")}
            type="email"
            data-autofocus
            {...form.getInputProps("address")}
          />
          {add.error && <ErrorNote error={add.error} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {tUi("dialog.cancel")}
            </Button>
            <Button type="submit" loading={add.isPending}>
              {t("suppressions.do")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}

/** Asks before an address gets mail again. */
export function RemoveSuppression(props: {
  item: { address: string; reason: string } | undefined
  onClose: () => void
}) {
  const { item, onClose } = props
  const { t } = useTranslation("settings")
  const api = useApi()
  const cache = useQueryClient()
  const remove = useMutation(
    api.suppressions.remove.mutationOptions({
      onSuccess: () => {
        onClose()
        return Promise.all([
          cache.invalidateQueries(api.suppressions.pathFilter()),
          cache.invalidateQueries(api.customers.get.queryFilter()),
        ])
      },
    }),
  )
  return (
    <ConfirmDialog
      opened={item !== undefined}
      title={t("suppressions.removeTitle", { address: item?.address ?? "" })}
      text={t(
        item?.reason === "unsubscribed" ? "suppressions.removeUnsubscribed" : "suppressions.removeText",
      )}
      confirm={t("suppressions.remove")}
      danger
      busy={remove.isPending}
      error={remove.error}
      onConfirm={() => item && remove.mutate({ address: item.address, reason: item.reason as "bounced" })}
      onClose={() => {
        remove.reset()
        onClose()
      }}
    />
  )
}
