import { Button, Group, PasswordInput, Stack, Table, VisuallyHidden } from "@mantine/core"
import { useForm } from "@mantine/form"
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import { useTranslation } from "react-i18next"
import { accountApi } from "../app/account.ts"
import type { Outputs } from "../app/api.ts"
import { inputProblem } from "../app/error-text.ts"
import { useNotify } from "../app/notify.ts"
import { ErrorNote } from "../ui/ErrorNote.tsx"
import { Instant } from "../ui/Instant.tsx"
import { Panel } from "../ui/Panel.tsx"
import { TableSkeleton } from "../ui/TableSkeleton.tsx"
import { Tag } from "../ui/Tag.tsx"
import table from "../ui/table.module.css"
import { browserName } from "./browser-name.ts"

type Session = Outputs["account"]["sessions"][number]

/** Fewer characters are refused by the server. */
const shortestPassword = 10

/** What concerns the person and no workspace: the password, and where they are signed in. */
export function AccountSettings() {
  const { t } = useTranslation("settings")
  return (
    <Stack gap="lg">
      <Panel title={t("account.password.title")} text={t("account.password.text")}>
        <PasswordForm />
      </Panel>
      <SessionList />
    </Stack>
  )
}

function PasswordForm() {
  const { t } = useTranslation("settings")
  const cache = useQueryClient()
  const notify = useNotify()
  const form = useForm({
    initialValues: { present: "", next: "" },
    validate: {
      present: value => (value ? null : t("account.password.presentMissing")),
      next: value =>
        value.length >= shortestPassword ? null : t("account.password.short", { count: shortestPassword }),
    },
  })
  const change = useMutation({
    ...accountApi.account.changePassword.mutationOptions(),
    onSuccess: () => {
      form.reset()
      notify.done(t("account.password.done"))
      return cache.invalidateQueries(accountApi.account.sessions.queryFilter())
    },
    onError: error => {
      if (inputProblem(error, "/present")) form.setFieldError("present", t("account.password.presentWrong"))
    },
  })
  const show = { "aria-label": t("account.password.show") }
  return (
    <form noValidate onSubmit={form.onSubmit(values => change.mutate(values))}>
      <Stack gap="md" maw={460}>
        <PasswordInput
          label={t("account.password.present")}
          autoComplete="current-password"
          visibilityToggleButtonProps={show}
          {...form.getInputProps("present")}
        />
        <PasswordInput
          label={t("account.password.next")}
          description={t("account.password.nextText", { count: shortestPassword })}
          autoComplete="new-password"
          visibilityToggleButtonProps={show}
          {...form.getInputProps("next")}
        />
        {change.error && !inputProblem(change.error, "/present") && <ErrorNote error={change.error} />}
        <Group>
          <Button type="submit" loading={change.isPending}>
            {t("account.password.change")}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

function SessionList() {
  const { t } = useTranslation("settings")
  const cache = useQueryClient()
  const notify = useNotify()
  const sessions = useQuery(accountApi.account.sessions.queryOptions())
  const options = {
    onError: notify.error,
    onSettled: () => cache.invalidateQueries(accountApi.account.sessions.queryFilter()),
  }
  const end = useMutation({ ...accountApi.account.endSession.mutationOptions(), ...options })
  const endOthers = useMutation({
    ...accountApi.account.endOtherSessions.mutationOptions(),
    ...options,
    onSuccess: ({ ended }) => notify.done(t("account.sessions.ended", { count: ended })),
  })
  const everywhere = (
    <Button
      variant="default"
      disabled={(sessions.data?.length ?? 0) < 2}
      loading={endOthers.isPending}
      onClick={() => endOthers.mutate()}
    >
      {t("account.sessions.endOthers")}
    </Button>
  )
  return (
    <Panel title={t("account.sessions.title")} text={t("account.sessions.text")} actions={everywhere} flush>
      {sessions.isPending ? (
        <TableSkeleton rows={2} />
      ) : sessions.error ? (
        <ErrorNote inset error={sessions.error} onRetry={sessions.refetch} />
      ) : (
        <Table.ScrollContainer type="native" minWidth={560}>
          <Table className={table.table} aria-label={t("account.sessions.title")}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t("account.sessions.where")}</Table.Th>
                <Table.Th>{t("account.sessions.address")}</Table.Th>
                <Table.Th>{t("account.sessions.used")}</Table.Th>
                <Table.Th>
                  <VisuallyHidden>{t("members.actions")}</VisuallyHidden>
                </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {sessions.data.map(session => (
                <SessionRow key={session.id} session={session} onEnd={() => end.mutate({ id: session.id })} />
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </Panel>
  )
}

function SessionRow({ session, onEnd }: { session: Session; onEnd: () => void }) {
  const { t } = useTranslation("settings")
  const where = browserName(session.userAgent) ?? t("account.sessions.unknown")
  return (
    <Table.Tr>
      <Table.Td>
        <span className={table.name}>{where}</span>
      </Table.Td>
      <Table.Td>{session.address ?? t("account.sessions.unknown")}</Table.Td>
      <Table.Td>
        <Instant at={session.usedAt} show="relative" clock="real" />
      </Table.Td>
      <Table.Td className={table.number}>
        {session.here ? (
          <Tag tone="entry">{t("account.sessions.here")}</Tag>
        ) : (
          <Button
            size="xs"
            variant="default"
            onClick={onEnd}
            aria-label={t("account.sessions.endLabel", { where })}
          >
            {t("account.sessions.end")}
          </Button>
        )}
      </Table.Td>
    </Table.Tr>
  )
}
