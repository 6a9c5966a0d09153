import { Button, Group, NumberInput, Skeleton, Stack, Switch } from "@mantine/core"
import { useForm } from "@mantine/form"
import { useQuery } from "@tanstack/react-query"
import { useTranslation } from "react-i18next"
import { type Outputs, useApi } from "../app/api.ts"
import { useFormat } from "../app/format.ts"
import { ErrorNote } from "../ui/ErrorNote.tsx"
import { Panel } from "../ui/Panel.tsx"
import { RoleFields } from "../ui/RoleFields.tsx"
import { IdentityForm } from "./IdentityForm.tsx"
import { useWorkspaceChange } from "./workspace-change.ts"

type Incoming = Outputs["workspaces"]["get"]["incoming"]

const mostPerSecond = 1_000_000

/** What holds for events on their way in: which are believed, how many are taken, and whom they are about. */
export function EventSettings() {
  const { t } = useTranslation("settings")
  const api = useApi()
  const workspace = useQuery(api.workspaces.get.queryOptions())
  if (workspace.isPending) {
    return (
      <Panel title={t("events.title")}>
        <Skeleton height={220} />
      </Panel>
    )
  }
  if (workspace.error) return <ErrorNote error={workspace.error} onRetry={workspace.refetch} />
  const { incoming } = workspace.data
  return (
    <Stack gap="lg">
      <Panel title={t("events.title")} text={t("events.text")}>
        <RoleFields needs="owner">
          <IntakeForm incoming={incoming} />
        </RoleFields>
      </Panel>
      <Panel title={t("identities.title")} text={t("identities.text")}>
        <RoleFields needs="owner">
          <IdentityForm kinds={incoming.kinds} blocked={incoming.blocked} />
        </RoleFields>
      </Panel>
    </Stack>
  )
}

function IntakeForm({ incoming }: { incoming: Incoming }) {
  const { t } = useTranslation("settings")
  const format = useFormat()
  const { trustLate, eventsPerSecond } = incoming
  const form = useForm<{ trustLate: boolean; eventsPerSecond: number | string }>({
    initialValues: { trustLate, eventsPerSecond },
    validate: {
      eventsPerSecond: value =>
        Number.isInteger(value) && Number(value) >= 1 && Number(value) <= mostPerSecond
          ? null
          : t("events.limitWrong", { most: format.number(mostPerSecond) }),
    },
  })
  const update = useWorkspaceChange(() => form.resetDirty())
  return (
    <form
      noValidate
      onSubmit={form.onSubmit(values =>
        update.mutate({ trustLate: values.trustLate, eventsPerSecond: Number(values.eventsPerSecond) }),
      )}
    >
      <Stack gap="md" maw={560}>
        <Switch
          label={t("events.trustLate")}
          description={t("events.trustLateText")}
          {...form.getInputProps("trustLate", { type: "checkbox" })}
        />
        <NumberInput
          label={t("events.limit")}
          description={t("events.limitText")}
          allowDecimal={false}
          allowNegative={false}
          thousandSeparator={format.number(1_000)[1] ?? ""}
          decimalSeparator={format.language === "it" ? "," : "."}
          maw={220}
          styles={{ description: { width: "min(560px, 80vw)" } }}
          {...form.getInputProps("eventsPerSecond")}
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
