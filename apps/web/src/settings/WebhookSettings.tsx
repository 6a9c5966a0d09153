import { Alert, Button, Group, SegmentedControl, Skeleton, Stack } from "@mantine/core"
import { IconInfoCircle } from "@tabler/icons-react"
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import { defaultStub, type WebhookStub } from "@viaggio/journey-model"
import { useState } from "react"
import { useTranslation } from "react-i18next"
import { useApi } from "../app/api.ts"
import { useFormat } from "../app/format.ts"
import { useNotify } from "../app/notify.ts"
import { useMay } from "../app/role.ts"
import { useWorkspace } from "../app/workspace.ts"
import { JsonField } from "../editor/fields/JsonField.tsx"
import { ConfirmDialog } from "../ui/ConfirmDialog.tsx"
import { CopyField } from "../ui/CopyField.tsx"
import { ErrorNote } from "../ui/ErrorNote.tsx"
import { Panel } from "../ui/Panel.tsx"
import { RoleFields } from "../ui/RoleFields.tsx"
import { useWorkspaceChange } from "./workspace-change.ts"

/** How calls of journeys are signed and, in a sandbox, what answers them. */
export function WebhookSettings() {
  const { sandbox } = useWorkspace()
  return (
    <Stack gap="lg">
      {sandbox && <StubPanel />}
      <SecretPanel />
    </Stack>
  )
}

function SecretPanel() {
  const { t } = useTranslation("settings")
  const may = useMay()
  return (
    <Panel title={t("webhooks.secret.title")} text={t("webhooks.secret.text")}>
      {may.own ? (
        <Secret />
      ) : (
        <Alert icon={<IconInfoCircle aria-hidden />}>{t("webhooks.secret.owners")}</Alert>
      )}
    </Panel>
  )
}

function Secret() {
  const { t } = useTranslation("settings")
  const api = useApi()
  const cache = useQueryClient()
  const notify = useNotify()
  const format = useFormat()
  const [asking, setAsking] = useState(false)
  const shown = useQuery(api.webhooks.secret.queryOptions())
  const rotate = useMutation(
    api.webhooks.rotate.mutationOptions({
      onSuccess: secret => {
        setAsking(false)
        notify.done(t("webhooks.secret.changed"))
        cache.setQueryData(api.webhooks.secret.queryKey(), secret)
      },
    }),
  )
  if (shown.isPending) return <Skeleton height={90} />
  if (shown.error) return <ErrorNote error={shown.error} onRetry={shown.refetch} />
  const { secret, previousUntil } = shown.data
  return (
    <Stack gap="md" maw={560}>
      <CopyField label={t("webhooks.secret.label")} value={secret} />
      {previousUntil !== undefined && (
        <Alert icon={<IconInfoCircle aria-hidden />}>
          {t("webhooks.secret.both", { time: format.dateTime(previousUntil) })}
        </Alert>
      )}
      <Group>
        <Button variant="default" onClick={() => setAsking(true)}>
          {t("webhooks.secret.change")}
        </Button>
      </Group>
      <ConfirmDialog
        opened={asking}
        title={t("webhooks.secret.changeTitle")}
        text={t("webhooks.secret.changeText")}
        confirm={t("webhooks.secret.change")}
        busy={rotate.isPending}
        error={rotate.error}
        onConfirm={() => rotate.mutate()}
        onClose={() => setAsking(false)}
      />
    </Stack>
  )
}

function StubPanel() {
  const { t } = useTranslation("settings")
  const api = useApi()
  const workspace = useQuery(api.workspaces.get.queryOptions())
  return (
    <Panel title={t("webhooks.stub.title")} text={t("webhooks.stub.text")}>
      {workspace.isPending ? (
        <Skeleton height={120} />
      ) : workspace.error ? (
        <ErrorNote error={workspace.error} onRetry={workspace.refetch} />
      ) : (
        <RoleFields needs="owner">
          <StubForm saved={(workspace.data.settings.webhookStub ?? defaultStub) as WebhookStub} />
        </RoleFields>
      )}
    </Panel>
  )
}

function StubForm({ saved }: { saved: WebhookStub }) {
  const { t } = useTranslation("settings")
  const [stub, setStub] = useState(saved)
  const update = useWorkspaceChange()
  return (
    <Stack gap="md" maw={460}>
      <SegmentedControl
        aria-label={t("webhooks.stub.title")}
        data={(["succeeded", "failed"] as const).map(value => ({
          value,
          label: t(`webhooks.stub.${value}`),
        }))}
        value={stub.outcome}
        onChange={outcome => setStub(outcome === "failed" ? { outcome } : defaultStub)}
      />
      {stub.outcome === "succeeded" && (
        <JsonField
          label={t("webhooks.stub.body")}
          value={stub.body}
          onChange={body => setStub({ outcome: "succeeded", body: body ?? {} })}
        />
      )}
      {update.error && <ErrorNote error={update.error} />}
      <Group>
        <Button
          disabled={JSON.stringify(stub) === JSON.stringify(saved)}
          loading={update.isPending}
          onClick={() => update.mutate({ webhookStub: stub })}
        >
          {t("save")}
        </Button>
      </Group>
    </Stack>
  )
}
