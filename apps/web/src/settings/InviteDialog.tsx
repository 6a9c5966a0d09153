import { Alert, Button, Group, Modal, Radio, Stack, TextInput } from "@mantine/core"
import { useForm } from "@mantine/form"
import { IconEyeOff, IconMailCheck } from "@tabler/icons-react"
import { useMutation, useQueryClient } from "@tanstack/react-query"
import { useTranslation } from "react-i18next"
import { type Outputs, useApi } from "../app/api.ts"
import type { Role } from "../app/role.ts"
import { CopyField } from "../ui/CopyField.tsx"
import { ErrorNote } from "../ui/ErrorNote.tsx"
import { roles } from "./roles.ts"

type Made = { email: string; invitation: Outputs["invitations"]["create"] }

/** Asks whom to invite as what, and shows the link, once; with `made` it only shows one that was made anew. */
export function InviteDialog({ made, onClose }: { made?: Made; onClose: () => void }) {
  const { t } = useTranslation("settings")
  const { t: tUi } = useTranslation("ui")
  const api = useApi()
  const cache = useQueryClient()
  const form = useForm({
    initialValues: { email: "", role: "editor" as Role },
    validate: {
      email: value => (/^\S+@\S+\.\S+$/.test(value.trim()) ? null : t("invitations.emailWrong")),
    },
  })
  const create = useMutation(
    api.invitations.create.mutationOptions({
      onSuccess: () => cache.invalidateQueries(api.invitations.list.queryFilter()),
    }),
  )
  const shown = made ?? (create.data && { email: create.variables.email, invitation: create.data })
  return (
    <Modal
      opened
      onClose={onClose}
      title={t(shown ? "invitations.made" : "invitations.new")}
      closeOnClickOutside={!shown}
      closeOnEscape={!shown}
      withCloseButton={!shown}
      closeButtonProps={{ "aria-label": tUi("dialog.close") }}
    >
      {shown ? (
        <Stack gap="md">
          {shown.invitation.mailed ? (
            <Alert color="green" icon={<IconMailCheck aria-hidden />}>
              {t("invitations.mailed", { email: shown.email })}
            </Alert>
          ) : (
            <Alert icon={<IconEyeOff aria-hidden />}>{t("invitations.once", { email: shown.email })}</Alert>
          )}
          <CopyField
            label={t("invitations.link")}
            description={t("invitations.linkText")}
            value={shown.invitation.link}
          />
          <Group justify="flex-end">
            <Button onClick={onClose}>{t("invitations.done")}</Button>
          </Group>
        </Stack>
      ) : (
        <form
          noValidate
          onSubmit={form.onSubmit(({ email, role }) => create.mutate({ email: email.trim(), role }))}
        >
          <Stack gap="md">
            <TextInput
              label={t("invitations.email")}
              type="email"
              placeholder={t("invitations.emailExample")}
              data-autofocus
              {...form.getInputProps("email")}
            />
            <Radio.Group label={t("members.role")} {...form.getInputProps("role")}>
              <Stack gap="xs" mt={4}>
                {roles.map(role => (
                  <Radio
                    key={role}
                    value={role}
                    label={t(`roles.${role}.name`)}
                    description={t(`roles.${role}.text`)}
                  />
                ))}
              </Stack>
            </Radio.Group>
            {create.error && <ErrorNote error={create.error} />}
            <Group justify="flex-end" gap="xs">
              <Button variant="default" onClick={onClose}>
                {tUi("dialog.cancel")}
              </Button>
              <Button type="submit" loading={create.isPending}>
                {t("invitations.create")}
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Modal>
  )
}
