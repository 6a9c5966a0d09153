import { Alert, Button, Group, Radio, Skeleton, Stack, Text, TextInput, Title } from "@mantine/core"
import { useForm } from "@mantine/form"
import { IconInfoCircle } from "@tabler/icons-react"
import { useQuery } from "@tanstack/react-query"
import { useTranslation } from "react-i18next"
import { useApi } from "../app/api.ts"
import { useMay } from "../app/role.ts"
import { useWorkspace } from "../app/workspace.ts"
import { CopyField } from "../ui/CopyField.tsx"
import { ErrorNote } from "../ui/ErrorNote.tsx"
import { Panel } from "../ui/Panel.tsx"
import { RoleFields } from "../ui/RoleFields.tsx"
import { useWorkspaceChange } from "./workspace-change.ts"

/** Whom messages come from when a journey's e-mail names nobody else. */
export function SenderSettings() {
  const { t } = useTranslation("settings")
  const api = useApi()
  const { sandbox } = useWorkspace()
  const may = useMay()
  const workspace = useQuery(api.workspaces.get.queryOptions())
  const way = sandbox ? "sandbox" : workspace.data?.smtp ? "smtp" : "mailbox"
  return (
    <Panel title={t("sender.title")} text={t("sender.text")}>
      {workspace.isPending ? (
        <Skeleton height={160} />
      ) : workspace.error ? (
        <ErrorNote error={workspace.error} onRetry={workspace.refetch} />
      ) : (
        <Stack gap="lg">
          <Alert icon={<IconInfoCircle aria-hidden />}>{t(`sender.way.${way}`)}</Alert>
          <RoleFields needs="owner">
            <SenderForm sender={workspace.data.settings.sender ?? { name: "", email: "" }} />
            {!sandbox && <InDoubtChoice chosen={workspace.data.settings.inDoubt ?? "rather-twice"} />}
          </RoleFields>
          {!sandbox && may.own && <ProviderCallback />}
        </Stack>
      )}
    </Panel>
  )
}

/** Where the mail provider tells what became of messages later. */
function ProviderCallback() {
  const { t } = useTranslation("settings")
  const api = useApi()
  const callback = useQuery(api.providers.callback.queryOptions())
  if (callback.isPending) return <Skeleton height={190} />
  if (callback.error) return <ErrorNote error={callback.error} onRetry={callback.refetch} />
  return (
    <Stack gap="sm" maw={560} component="section" aria-label={t("sender.callback.title")}>
      <div>
        <Title order={3}>{t("sender.callback.title")}</Title>
        <Text size="sm" c="dimmed">
          {t("sender.callback.text")}
        </Text>
      </div>
      <CopyField label={t("sender.callback.url")} value={callback.data.url} />
      <CopyField label={t("sender.callback.secret")} value={callback.data.secret} />
    </Stack>
  )
}

const choices = ["rather-twice", "rather-not"] as const

/** What becomes of a message of which nobody knows whether it left. */
function InDoubtChoice({ chosen }: { chosen: (typeof choices)[number] }) {
  const { t } = useTranslation("settings")
  const update = useWorkspaceChange()
  return (
    <Radio.Group
      mt="xl"
      label={t("sender.doubt.label")}
      description={t("sender.doubt.text")}
      value={update.isPending ? (update.variables.inDoubt ?? chosen) : chosen}
      onChange={value => {
        const inDoubt = choices.find(each => each === value)
        if (inDoubt) update.mutate({ inDoubt })
      }}
    >
      <Stack gap="xs" mt="xs" maw={560}>
        {choices.map(each => (
          <Radio
            key={each}
            value={each}
            label={t(`sender.doubt.${each}.name`)}
            description={t(`sender.doubt.${each}.text`)}
          />
        ))}
        {update.error && <ErrorNote error={update.error} />}
      </Stack>
    </Radio.Group>
  )
}

function SenderForm({ sender }: { sender: { name: string; email: string } }) {
  const { t } = useTranslation("settings")
  const form = useForm({
    initialValues: sender,
    validateInputOnBlur: true,
    validate: {
      name: value => (value.trim() ? null : t("sender.nameMissing")),
      email: value => (/^\S+@\S+\.\S+$/.test(value.trim()) ? null : t("sender.emailWrong")),
    },
  })
  const update = useWorkspaceChange(() => form.resetDirty())
  return (
    <form
      noValidate
      onSubmit={form.onSubmit(({ name, email }) =>
        update.mutate({ sender: { name: name.trim(), email: email.trim() } }),
      )}
    >
      <Stack gap="md" maw={460}>
        <TextInput
          label={t("sender.name")}
          placeholder={t("sender.nameExample")}
          {...form.getInputProps("name")}
        />
        <TextInput
          label={t("sender.email")}
          type="email"
          placeholder={t("sender.emailExample")}
          {...form.getInputProps("email")}
        />
        {update.error && <ErrorNote error={update.error} />}
        <Group>
          <Button type="submit" disabled={!form.isDirty()} loading={update.isPending}>
            {t("save")}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
