import { Table, VisuallyHidden } from "@mantine/core"
import { IconKey, IconPlus } from "@tabler/icons-react"
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import { useState } from "react"
import { useTranslation } from "react-i18next"
import { type Outputs, useApi } from "../app/api.ts"
import { ConfirmDialog } from "../ui/ConfirmDialog.tsx"
import { EmptyState } from "../ui/EmptyState.tsx"
import { ErrorNote } from "../ui/ErrorNote.tsx"
import { Instant } from "../ui/Instant.tsx"
import { Panel } from "../ui/Panel.tsx"
import { RoleButton } from "../ui/RoleButton.tsx"
import { TableSkeleton } from "../ui/TableSkeleton.tsx"
import { Tag } from "../ui/Tag.tsx"
import table from "../ui/table.module.css"
import { NewKeyDialog } from "./NewKeyDialog.tsx"

type Key = Outputs["keys"]["list"][number]

/** The keys by which other programs reach this workspace. */
export function KeySettings() {
  const { t } = useTranslation("settings")
  const api = useApi()
  const keys = useQuery(api.keys.list.queryOptions())
  const [creating, setCreating] = useState(false)
  const [revoking, setRevoking] = useState<Key>()
  const create = (
    <RoleButton
      needs="owner"
      leftSection={<IconPlus size={16} aria-hidden />}
      onClick={() => setCreating(true)}
    >
      {t("keys.new")}
    </RoleButton>
  )
  return (
    <Panel title={t("keys.title")} text={t("keys.text")} actions={create} flush>
      {keys.isPending ? (
        <TableSkeleton rows={3} />
      ) : keys.error ? (
        <ErrorNote inset error={keys.error} onRetry={keys.refetch} />
      ) : keys.data.length === 0 ? (
        <EmptyState icon={IconKey} heading={3} title={t("keys.empty.title")} text={t("keys.empty.text")} />
      ) : (
        <Table.ScrollContainer type="native" minWidth={640}>
          <Table className={table.table} aria-label={t("keys.title")}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t("keys.name")}</Table.Th>
                <Table.Th>{t("keys.kind")}</Table.Th>
                <Table.Th>{t("keys.hint")}</Table.Th>
                <Table.Th>{t("keys.created")}</Table.Th>
                <Table.Th>{t("keys.lastUsed")}</Table.Th>
                <Table.Th>
                  <VisuallyHidden>{t("keys.actions")}</VisuallyHidden>
                </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {keys.data.map(key => (
                <Table.Tr key={key.id}>
                  <Table.Td fw={560}>{key.name}</Table.Td>
                  <Table.Td>
                    <Tag tone={key.kind === "write" ? "entry" : "accent"}>
                      {t(`keys.kinds.${key.kind}.name`)}
                    </Tag>
                  </Table.Td>
                  <Table.Td>
                    <code>{key.hint}</code>
                  </Table.Td>
                  <Table.Td>
                    <Instant at={key.createdAt} show="date" />
                  </Table.Td>
                  <Table.Td className={key.lastUsedAt ? undefined : table.faint}>
                    {key.lastUsedAt ? <Instant at={key.lastUsedAt} show="date" /> : t("keys.never")}
                  </Table.Td>
                  <Table.Td className={table.number}>
                    <RoleButton
                      needs="owner"
                      size="xs"
                      variant="default"
                      onClick={() => setRevoking(key)}
                      aria-label={t("keys.revokeLabel", { name: key.name })}
                    >
                      {t("keys.revoke")}
                    </RoleButton>
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      <NewKeyDialog opened={creating} onClose={() => setCreating(false)} />
      <RevokeDialog revoking={revoking} onClose={() => setRevoking(undefined)} />
    </Panel>
  )
}

function RevokeDialog({ revoking, onClose }: { revoking: Key | undefined; onClose: () => void }) {
  const { t } = useTranslation("settings")
  const api = useApi()
  const cache = useQueryClient()
  const revoke = useMutation(
    api.keys.revoke.mutationOptions({
      onSuccess: () => {
        onClose()
        return cache.invalidateQueries(api.keys.list.queryFilter())
      },
    }),
  )
  return (
    <ConfirmDialog
      opened={revoking !== undefined}
      title={t("keys.revokeTitle", { name: revoking?.name ?? "" })}
      text={t("keys.revokeText")}
      confirm={t("keys.revoke")}
      danger
      busy={revoke.isPending}
      error={revoke.error}
      onConfirm={() => revoking && revoke.mutate({ id: revoking.id })}
      onClose={() => {
        revoke.reset()
        onClose()
      }}
    />
  )
}
