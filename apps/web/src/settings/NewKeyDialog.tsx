import { Alert, Button, Group, Modal, Radio, Stack, TextInput } from "@mantine/core"
import { useForm } from "@mantine/form"
import { IconEyeOff } from "@tabler/icons-react"
import { useMutation, useQueryClient } from "@tanstack/react-query"
import { useTranslation } from "react-i18next"
import { useApi } from "../app/api.ts"
import { CopyField } from "../ui/CopyField.tsx"
import { ErrorNote } from "../ui/ErrorNote.tsx"

const kinds = ["write", "api"] as const

/** Makes a key and shows it, once; it closes only by its button then, so that the key is not lost by a stray click. */
export function NewKeyDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation("settings")
  const { t: tUi } = useTranslation("ui")
  const api = useApi()
  const cache = useQueryClient()
  const form = useForm({
    initialValues: { kind: "write" as (typeof kinds)[number], name: "" },
    validate: { name: value => (value.trim() ? null : t("keys.nameMissing")) },
  })
  const create = useMutation(
    api.keys.create.mutationOptions({
      onSuccess: () => cache.invalidateQueries(api.keys.list.queryFilter()),
    }),
  )
  const close = () => {
    onClose()
    form.reset()
    create.reset()
  }
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={t(create.data ? "keys.made" : "keys.new")}
      closeOnClickOutside={!create.data}
      closeOnEscape={!create.data}
      withCloseButton={!create.data}
      closeButtonProps={{ "aria-label": tUi("dialog.close") }}
    >
      {create.data ? (
        <Stack gap="md">
          <Alert icon={<IconEyeOff aria-hidden />}>{t("keys.once")}</Alert>
          <CopyField label={t("keys.key")} value={create.data.key} />
          <Group justify="flex-end">
            <Button onClick={close}>{t("keys.done")}</Button>
          </Group>
        </Stack>
      ) : (
        <form
          noValidate
          onSubmit={form.onSubmit(({ kind, name }) => create.mutate({ kind, name: name.trim() }))}
        >
          <Stack gap="md">
            <TextInput
              label={t("keys.name")}
              placeholder={t("keys.nameExample")}
              data-autofocus
              {...form.getInputProps("name")}
            />
            <Radio.Group label={t("keys.kind")} {...form.getInputProps("kind")}>
              <Stack gap="xs" mt={4}>
                {kinds.map(kind => (
                  <Radio
                    key={kind}
                    value={kind}
                    label={t(`keys.kinds.${kind}.name`)}
                    description={t(`keys.kinds.${kind}.text`)}
                  />
                ))}
              </Stack>
            </Radio.Group>
            {create.error && <ErrorNote error={create.error} />}
            <Group justify="flex-end" gap="xs">
              <Button variant="default" onClick={close}>
                {tUi("dialog.cancel")}
              </Button>
              <Button type="submit" loading={create.isPending}>
                {t("keys.create")}
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Modal>
  )
}
