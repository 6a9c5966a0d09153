import { Button, Group, Select, Stack, TextInput } from "@mantine/core"
import { useForm } from "@mantine/form"
import { useTranslation } from "react-i18next"
import { languages } from "../app/catalogue.ts"
import { useWorkspace } from "../app/workspace.ts"
import { ErrorNote } from "../ui/ErrorNote.tsx"
import { Panel } from "../ui/Panel.tsx"
import { RoleFields } from "../ui/RoleFields.tsx"
import { ZoneSelect } from "../ui/ZoneSelect.tsx"
import { useWorkspaceChange } from "./workspace-change.ts"

/** Name, zone and language of the workspace. */
export function GeneralSettings() {
  const { t } = useTranslation("settings")
  const { t: tUi } = useTranslation("ui")
  const { name, zone, language } = useWorkspace()
  const form = useForm({
    initialValues: { name, zone, language },
    validate: { name: value => (value.trim() ? null : t("general.nameMissing")) },
  })
  const update = useWorkspaceChange(() => form.resetDirty())
  return (
    <Panel title={t("general.title")} text={t("general.text")}>
      <RoleFields needs="owner">
        <form
          noValidate
          onSubmit={form.onSubmit(values => update.mutate({ ...values, name: values.name.trim() }))}
        >
          <Stack gap="md" maw={460}>
            <TextInput label={t("general.name")} {...form.getInputProps("name")} />
            <ZoneSelect value={form.values.zone} onChange={value => form.setFieldValue("zone", value)} />
            <Select
              label={t("general.language")}
              description={t("general.languageText")}
              allowDeselect={false}
              data={languages.map(value => ({ value, label: tUi(`language.${value}`) }))}
              {...form.getInputProps("language")}
            />
            {update.error && <ErrorNote error={update.error} />}
            <Group>
              <Button type="submit" disabled={!form.isDirty()} loading={update.isPending}>
                {t("save")}
              </Button>
            </Group>
          </Stack>
        </form>
      </RoleFields>
    </Panel>
  )
}
