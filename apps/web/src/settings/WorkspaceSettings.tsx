import { Button, Group, Select, Stack, Switch, Table, TextInput } from "@mantine/core"
import { useForm } from "@mantine/form"
import { IconFlask } from "@tabler/icons-react"
import { useMutation, useSuspenseQuery } from "@tanstack/react-query"
import { Link, useNavigate } from "@tanstack/react-router"
import { useTranslation } from "react-i18next"
import { sessionOptions } from "../app/account.ts"
import { useApi } from "../app/api.ts"
import { languages } from "../app/catalogue.ts"
import { realNow } from "../app/now.ts"
import { queryClient } from "../app/query-client.ts"
import { useWorkspace } from "../app/workspace.ts"
import { ErrorNote } from "../ui/ErrorNote.tsx"
import { fromLocalText, toLocalText } from "../ui/local-time.ts"
import { Panel } from "../ui/Panel.tsx"
import { RoleFields } from "../ui/RoleFields.tsx"
import { Tag } from "../ui/Tag.tsx"
import table from "../ui/table.module.css"
import { ZoneSelect } from "../ui/ZoneSelect.tsx"

/** All workspaces of the person, and a new one: for another brand, or a sandbox to try things in. */
export function WorkspaceSettings() {
  const { t } = useTranslation("settings")
  const current = useWorkspace()
  const { data: session } = useSuspenseQuery(sessionOptions)
  return (
    <Stack gap="lg">
      <Panel title={t("workspaces.title")} text={t("workspaces.text")} flush>
        <Table className={table.table} aria-label={t("workspaces.title")}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("workspaces.name")}</Table.Th>
              <Table.Th>{t("workspaces.kind")}</Table.Th>
              <Table.Th>{t("workspaces.zone")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {session.workspaces.map(({ id, name, zone, sandbox }) => (
              <Table.Tr key={id}>
                <Table.Td>
                  <Link to="/w/$workspace/journeys" params={{ workspace: id }} className={table.name}>
                    {name}
                  </Link>
                  {id === current.id && <span className={table.under}>{t("workspaces.current")}</span>}
                </Table.Td>
                <Table.Td>
                  {sandbox ? (
                    <Tag tone="wait" icon={IconFlask}>
                      {t("workspaces.sandbox")}
                    </Tag>
                  ) : (
                    <Tag tone="entry">{t("workspaces.live")}</Tag>
                  )}
                </Table.Td>
                <Table.Td>{zone}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Panel>
      <Panel title={t("workspaces.new.title")} text={t("workspaces.new.text")}>
        <RoleFields needs="owner">
          <NewWorkspaceForm />
        </RoleFields>
      </Panel>
    </Stack>
  )
}

function NewWorkspaceForm() {
  const { t } = useTranslation("settings")
  const { t: tUi } = useTranslation("ui")
  const { zone, language } = useWorkspace()
  const navigate = useNavigate()
  const form = useForm({
    initialValues: { name: "", zone, language, sandbox: true, start: toLocalText(realNow(), zone) },
    validate: {
      name: value => (value.trim() ? null : t("workspaces.new.nameMissing")),
      start: (value, values) =>
        values.sandbox && fromLocalText(value, values.zone) === undefined
          ? t("workspaces.new.startWrong")
          : null,
    },
  })
  const api = useApi()
  const create = useMutation({
    ...api.workspaces.create.mutationOptions(),
    onSuccess: async ({ id }) => {
      await queryClient.fetchQuery({ ...sessionOptions, staleTime: 0 })
      await navigate({ to: "/w/$workspace/journeys", params: { workspace: id } })
    },
  })
  return (
    <form
      noValidate
      onSubmit={form.onSubmit(({ name, start, ...rest }) => {
        const at = rest.sandbox ? fromLocalText(start, rest.zone) : undefined
        create.mutate({
          ...rest,
          name: name.trim(),
          ...(at === undefined ? {} : { startAt: new Date(at).toISOString() }),
        })
      })}
    >
      <Stack gap="md" maw={460}>
        <TextInput
          label={t("workspaces.name")}
          placeholder={t("workspaces.new.example")}
          {...form.getInputProps("name")}
        />
        <Switch
          label={t("workspaces.sandbox")}
          description={t("workspaces.new.sandboxText")}
          {...form.getInputProps("sandbox", { type: "checkbox" })}
        />
        {form.values.sandbox && (
          <TextInput
            type="datetime-local"
            label={t("workspaces.new.start")}
            description={t("workspaces.new.startText")}
            {...form.getInputProps("start")}
          />
        )}
        <ZoneSelect value={form.values.zone} onChange={value => form.setFieldValue("zone", value)} />
        <Select
          label={tUi("language.label")}
          allowDeselect={false}
          data={languages.map(value => ({ value, label: tUi(`language.${value}`) }))}
          {...form.getInputProps("language")}
        />
        {create.error && <ErrorNote error={create.error} />}
        <Group>
          <Button type="submit" loading={create.isPending}>
            {t(form.values.sandbox ? "workspaces.new.createSandbox" : "workspaces.new.create")}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
