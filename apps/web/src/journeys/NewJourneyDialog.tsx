import { Button, Group, Modal, Skeleton, Stack, TextInput } from "@mantine/core"
import { useForm } from "@mantine/form"
import { useMutation, useQueryClient } from "@tanstack/react-query"
import { useNavigate } from "@tanstack/react-router"
import { type Journey, slugId } from "@viaggio/journey-model"
import { lazy, Suspense, useState } from "react"
import { useTranslation } from "react-i18next"
import { useApi } from "../app/api.ts"
import { useWorkspace } from "../app/workspace.ts"
import { ErrorNote } from "../ui/ErrorNote.tsx"

// The templates and their pictures come only when somebody makes a journey.
const Gallery = lazy(() => import("../templates/Gallery.tsx"))

const longestName = 120

/** Asks for the name of a new journey and what it begins with, shows the key that it will have for life, and opens it on the canvas. */
export function NewJourneyDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation("journeys")
  const { t: tUi } = useTranslation("ui")
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t("new.title")}
      size={1180}
      closeButtonProps={{ "aria-label": tUi("dialog.close") }}
    >
      <NewJourneyForm onClose={onClose} />
    </Modal>
  )
}

function NewJourneyForm({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("journeys")
  const { t: tUi } = useTranslation("ui")
  const api = useApi()
  const cache = useQueryClient()
  const navigate = useNavigate()
  const { id: workspace } = useWorkspace()
  const form = useForm({
    initialValues: { name: "" },
    validate: {
      name: value =>
        value.trim() === "" ? t("new.missing") : value.trim().length > longestName ? t("new.long") : null,
    },
  })
  const [beginning, setBeginning] = useState<Journey>()
  const choose = (journey: Journey | undefined) => {
    // A name that somebody typed stays; one that came with a template goes with it.
    const typed = form.values.name !== "" && form.values.name !== beginning?.name
    if (!typed) form.setFieldValue("name", journey?.name ?? "")
    setBeginning(journey)
  }
  const create = useMutation(
    api.journeys.create.mutationOptions({
      onSuccess: async ({ key }) => {
        void cache.invalidateQueries(api.journeys.list.queryFilter())
        await navigate({ to: "/w/$workspace/journeys/$key", params: { workspace, key } })
      },
    }),
  )
  const name = form.values.name.trim()
  return (
    <form
      noValidate
      onSubmit={form.onSubmit(() =>
        create.mutate(beginning ? { name, document: { ...beginning, key: slugId(name) } } : { name }),
      )}
    >
      <Stack gap="md">
        <TextInput
          label={t("new.name")}
          description={name ? t("new.key", { key: slugId(name) }) : t("new.text")}
          inputWrapperOrder={["label", "input", "description", "error"]}
          placeholder={t("new.example")}
          data-autofocus
          {...form.getInputProps("name")}
        />
        <Suspense fallback={<Skeleton height={360} />}>
          <Gallery chosen={beginning} onChoose={choose} />
        </Suspense>
        {create.error && <ErrorNote error={create.error} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {tUi("dialog.cancel")}
          </Button>
          <Button type="submit" loading={create.isPending}>
            {t("new.create")}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
