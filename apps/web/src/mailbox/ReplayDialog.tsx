import { Button, Group, Modal, Radio, Stack, Text, TextInput } from "@mantine/core"
import { useForm } from "@mantine/form"
import { useMutation, useQueryClient } from "@tanstack/react-query"
import { useTranslation } from "react-i18next"
import { useApi } from "../app/api.ts"
import { useNotify } from "../app/notify.ts"
import { ErrorNote } from "../ui/ErrorNote.tsx"
import type { Message } from "./message.ts"

const templates = ["same", "current"] as const

/** Mends a refused message and sends it once more: to a corrected address, or by the template that is live now. */
export function ReplayDialog({ message, onClose }: { message: Message; onClose: () => void }) {
  const { t } = useTranslation("mailbox")
  const { t: tUi } = useTranslation("ui")
  const api = useApi()
  const cache = useQueryClient()
  const notify = useNotify()
  const isEmail = message.channel === "email"
  const form = useForm({
    initialValues: { to: message.to, template: "same" as (typeof templates)[number] },
    validate: {
      to: value => (!isEmail || /^\S+@\S+$/.test(value.trim()) ? null : t("replay.toWrong")),
    },
  })
  const replay = useMutation(
    api.messages.replay.mutationOptions({
      onSuccess: async () => {
        onClose()
        notify.done(t("replay.done"))
        await cache.invalidateQueries(api.messages.pathFilter())
      },
    }),
  )
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("replay.title")}
      closeButtonProps={{ "aria-label": tUi("dialog.close") }}
    >
      <form
        noValidate
        onSubmit={form.onSubmit(({ to, template }) =>
          replay.mutate(isEmail ? { id: message.id, to: to.trim(), template } : { id: message.id }),
        )}
      >
        <Stack gap="md">
          <Text size="sm">{t("replay.text")}</Text>
          {isEmail && (
            <>
              <TextInput
                label={t("replay.to")}
                type="email"
                data-autofocus
                description={t("replay.toText")}
                {...form.getInputProps("to")}
              />
              <Radio.Group label={t("replay.template")} {...form.getInputProps("template")}>
                <Stack gap="xs" mt={4}>
                  {templates.map(each => (
                    <Radio
                      key={each}
                      value={each}
                      label={t(`replay.templates.${each}.name`)}
                      description={t(`replay.templates.${each}.text`)}
                    />
                  ))}
                </Stack>
              </Radio.Group>
            </>
          )}
          {replay.error && <ErrorNote error={replay.error} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {tUi("dialog.cancel")}
            </Button>
            <Button type="submit" loading={replay.isPending}>
              {t("replay.do")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
