import { Button, Select, Stack, Table, VisuallyHidden } from "@mantine/core"
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import { useNavigate } from "@tanstack/react-router"
import { useState } from "react"
import { useTranslation } from "react-i18next"
import { sessionOptions } from "../app/account.ts"
import { type Outputs, useApi } from "../app/api.ts"
import { useNotify } from "../app/notify.ts"
import { type Role, useMay } from "../app/role.ts"
import { ConfirmDialog } from "../ui/ConfirmDialog.tsx"
import { ErrorNote } from "../ui/ErrorNote.tsx"
import { Instant } from "../ui/Instant.tsx"
import { Panel } from "../ui/Panel.tsx"
import { TableSkeleton } from "../ui/TableSkeleton.tsx"
import { Tag } from "../ui/Tag.tsx"
import table from "../ui/table.module.css"
import { InvitationList } from "./InvitationList.tsx"
import { roles } from "./roles.ts"

type Member = Outputs["members"]["list"][number]

/** Who works here and as what; owners invite, change roles and remove. */
export function MemberSettings() {
  const { t } = useTranslation("settings")
  const api = useApi()
  const may = useMay()
  const members = useQuery(api.members.list.queryOptions())
  const [leaving, setLeaving] = useState<Member>()
  const owners = members.data?.filter(({ role }) => role === "owner").length ?? 0
  return (
    <Stack gap="lg">
      <Panel title={t("members.title")} text={t("members.text")} flush>
        {members.isPending ? (
          <TableSkeleton rows={3} />
        ) : members.error ? (
          <ErrorNote inset error={members.error} onRetry={members.refetch} />
        ) : (
          <Table.ScrollContainer type="native" minWidth={620}>
            <Table className={table.table} aria-label={t("members.title")}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t("members.name")}</Table.Th>
                  <Table.Th>{t("members.role")}</Table.Th>
                  <Table.Th>{t("members.since")}</Table.Th>
                  <Table.Th>
                    <VisuallyHidden>{t("members.actions")}</VisuallyHidden>
                  </Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {members.data.map(member => {
                  const last = member.role === "owner" && owners === 1
                  return (
                    <Table.Tr key={member.userId}>
                      <Table.Td>
                        <span className={table.name}>{member.name}</span>
                        <span className={table.under}>
                          {member.you ? t("members.you", { email: member.email }) : member.email}
                        </span>
                      </Table.Td>
                      <Table.Td>
                        {may.own ? (
                          <RoleSelect member={member} last={last} />
                        ) : (
                          <RoleTag role={member.role} />
                        )}
                      </Table.Td>
                      <Table.Td>
                        <Instant at={member.since} show="date" clock="real" />
                      </Table.Td>
                      <Table.Td className={table.number}>
                        {(may.own || member.you) && (
                          <Button
                            size="xs"
                            variant="default"
                            disabled={last}
                            title={last ? t("members.last") : undefined}
                            onClick={() => setLeaving(member)}
                            aria-label={
                              member.you ? undefined : t("members.removeLabel", { name: member.name })
                            }
                          >
                            {t(member.you ? "members.leave" : "members.remove")}
                          </Button>
                        )}
                      </Table.Td>
                    </Table.Tr>
                  )
                })}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        )}
      </Panel>
      <InvitationList />
      <LeaveDialog member={leaving} onClose={() => setLeaving(undefined)} />
    </Stack>
  )
}

function RoleTag({ role }: { role: Role }) {
  const { t } = useTranslation("settings")
  const tones = { owner: "accent", editor: "entry", viewer: "exit" } as const
  return <Tag tone={tones[role]}>{t(`roles.${role}.name`)}</Tag>
}

function RoleSelect({ member, last }: { member: Member; last: boolean }) {
  const { t } = useTranslation("settings")
  const { t: tUi } = useTranslation("ui")
  const api = useApi()
  const cache = useQueryClient()
  const notify = useNotify()
  const change = useMutation(
    api.members.changeRole.mutationOptions({
      onSuccess: async () => {
        notify.done(tUi("saved"))
        if (member.you) await cache.invalidateQueries({ queryKey: sessionOptions.queryKey })
      },
      onError: notify.error,
      onSettled: () => cache.invalidateQueries(api.members.list.queryFilter()),
    }),
  )
  return (
    <Select
      size="xs"
      w={150}
      aria-label={t("members.roleOf", { name: member.name })}
      title={last ? t("members.last") : undefined}
      allowDeselect={false}
      disabled={last || change.isPending}
      data={roles.map(value => ({ value, label: t(`roles.${value}.name`) }))}
      value={change.isPending ? change.variables.role : member.role}
      onChange={value => {
        const role = roles.find(each => each === value)
        if (role && role !== member.role) change.mutate({ userId: member.userId, role })
      }}
    />
  )
}

function LeaveDialog({ member, onClose }: { member: Member | undefined; onClose: () => void }) {
  const { t } = useTranslation("settings")
  const api = useApi()
  const cache = useQueryClient()
  const navigate = useNavigate()
  const remove = useMutation(
    api.members.remove.mutationOptions({
      onSuccess: () => {
        onClose()
        return cache.invalidateQueries(api.members.list.queryFilter())
      },
    }),
  )
  const leave = useMutation(
    api.members.leave.mutationOptions({
      onSuccess: async () => {
        onClose()
        await cache.fetchQuery({ ...sessionOptions, staleTime: 0 })
        await navigate({ to: "/" })
      },
    }),
  )
  const asked = member?.you ? leave : remove
  const kind = member?.you ? "leaving" : "removing"
  return (
    <ConfirmDialog
      opened={member !== undefined}
      title={t(`members.${kind}.title`, { name: member?.name ?? "" })}
      text={t(`members.${kind}.text`)}
      confirm={t(member?.you ? "members.leave" : "members.remove")}
      danger
      busy={asked.isPending}
      error={asked.error}
      onConfirm={() => {
        if (member?.you) leave.mutate()
        else if (member) remove.mutate({ userId: member.userId })
      }}
      onClose={() => {
        asked.reset()
        onClose()
      }}
    />
  )
}
