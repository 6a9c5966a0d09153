import { Button, Group, Table, VisuallyHidden } from "@mantine/core"
import { IconMailPlus, IconUserPlus } from "@tabler/icons-react"
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import { useState } from "react"
import { useTranslation } from "react-i18next"
import { type Outputs, useApi } from "../app/api.ts"
import { useNotify } from "../app/notify.ts"
import { useRealNow } from "../app/now.ts"
import { useMay } from "../app/role.ts"
import { EmptyState } from "../ui/EmptyState.tsx"
import { ErrorNote } from "../ui/ErrorNote.tsx"
import { Instant } from "../ui/Instant.tsx"
import { Panel } from "../ui/Panel.tsx"
import { RoleButton } from "../ui/RoleButton.tsx"
import { TableSkeleton } from "../ui/TableSkeleton.tsx"
import table from "../ui/table.module.css"
import { InviteDialog } from "./InviteDialog.tsx"

type Invitation = Outputs["invitations"]["list"][number]
type Made = Outputs["invitations"]["create"]

/** Open invitations, and the way to a new one. Their links are shown once, when they are made. */
export function InvitationList() {
  const { t } = useTranslation("settings")
  const api = useApi()
  const may = useMay()
  const invitations = useQuery(api.invitations.list.queryOptions(undefined, { enabled: may.own }))
  const [dialog, setDialog] = useState<{ made?: { email: string; invitation: Made } }>()
  const invite = (
    <RoleButton
      needs="owner"
      leftSection={<IconUserPlus size={16} aria-hidden />}
      onClick={() => setDialog({})}
    >
      {t("invitations.new")}
    </RoleButton>
  )
  return (
    <Panel title={t("invitations.title")} text={t("invitations.text")} actions={invite} flush>
      {!may.own ? (
        <EmptyState
          icon={IconMailPlus}
          heading={3}
          title={t("invitations.hidden.title")}
          text={t("invitations.hidden.text")}
        />
      ) : invitations.isPending ? (
        <TableSkeleton rows={2} />
      ) : invitations.error ? (
        <ErrorNote inset error={invitations.error} onRetry={invitations.refetch} />
      ) : invitations.data.length === 0 ? (
        <EmptyState
          icon={IconMailPlus}
          heading={3}
          title={t("invitations.empty.title")}
          text={t("invitations.empty.text")}
        />
      ) : (
        <Table.ScrollContainer type="native" minWidth={640}>
          <Table className={table.table} aria-label={t("invitations.title")}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t("invitations.email")}</Table.Th>
                <Table.Th>{t("members.role")}</Table.Th>
                <Table.Th>{t("invitations.expires")}</Table.Th>
                <Table.Th>
                  <VisuallyHidden>{t("members.actions")}</VisuallyHidden>
                </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {invitations.data.map(invitation => (
                <InvitationRow
                  key={invitation.id}
                  invitation={invitation}
                  onMade={made => setDialog({ made: { email: invitation.email, invitation: made } })}
                />
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      {dialog && <InviteDialog {...dialog} onClose={() => setDialog(undefined)} />}
    </Panel>
  )
}

function InvitationRow({ invitation, onMade }: { invitation: Invitation; onMade: (made: Made) => void }) {
  const { t } = useTranslation("settings")
  const api = useApi()
  const cache = useQueryClient()
  const notify = useNotify()
  const now = useRealNow()
  const options = {
    onError: notify.error,
    onSettled: () => cache.invalidateQueries(api.invitations.list.queryFilter()),
  }
  const resend = useMutation(api.invitations.resend.mutationOptions({ ...options, onSuccess: onMade }))
  const revoke = useMutation(api.invitations.revoke.mutationOptions(options))
  const { id, email, role, invitedBy, expiresAt } = invitation
  const expired = Date.parse(expiresAt) <= now
  return (
    <Table.Tr>
      <Table.Td>
        <span className={table.name}>{email}</span>
        {invitedBy !== null && (
          <span className={table.under}>{t("invitations.by", { name: invitedBy })}</span>
        )}
      </Table.Td>
      <Table.Td>{t(`roles.${role}.name`)}</Table.Td>
      <Table.Td>
        {expired ? t("invitations.expired") : <Instant at={expiresAt} show="relative" clock="real" />}
      </Table.Td>
      <Table.Td>
        <Group gap="xs" justify="flex-end" wrap="nowrap">
          <Button
            size="xs"
            variant="default"
            loading={resend.isPending}
            aria-label={t("invitations.resendLabel", { email })}
            onClick={() => resend.mutate({ id })}
          >
            {t("invitations.resend")}
          </Button>
          <Button
            size="xs"
            variant="default"
            loading={revoke.isPending}
            aria-label={t("invitations.revokeLabel", { email })}
            onClick={() => revoke.mutate({ id })}
          >
            {t("invitations.revoke")}
          </Button>
        </Group>
      </Table.Td>
    </Table.Tr>
  )
}
