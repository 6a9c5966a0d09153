import { Alert, Button, Group, Loader, Modal, Stack, Text, Textarea } from "@mantine/core"
import { IconCircleCheck } from "@tabler/icons-react"
import { useMutation, useQueryClient } from "@tanstack/react-query"
import type { Problem } from "@viaggio/journey-model"
import { useEffect, useState } from "react"
import { useTranslation } from "react-i18next"
import { isApiError, useApi } from "../../app/api.ts"
import type { JourneyStatus } from "../../journeys/status.ts"
import { ErrorNote } from "../../ui/ErrorNote.tsx"
import { ProblemList } from "../problems/ProblemList.tsx"
import { useSession, useSessionState } from "../session/session-context.ts"

/** Asks for a note and publishes the draft as it is saved; what stands in the way is listed and led to. */
export function PublishDialog({ journeyKey, status }: { journeyKey: string; status: JourneyStatus }) {
  const { t } = useTranslation("editor")
  const session = useSession()
  const opened = useSessionState(state => state.open.publish)
  // Whoever goes to a problem wants to be at its field, not back at the button that opened this.
  const [leaving, setLeaving] = useState(false)
  const close = (toProblem = false) => {
    setLeaving(toProblem)
    session.show("publish", false)
  }
  return (
    <Modal
      opened={opened}
      onClose={() => close()}
      returnFocus={!leaving}
      title={t("publish.title")}
      size="lg"
      closeButtonProps={{ "aria-label": t("close") }}
    >
      {opened && (
        <Review
          journeyKey={journeyKey}
          stopped={status === "stopped"}
          close={() => close()}
          toProblem={() => close(true)}
        />
      )}
    </Modal>
  )
}

function Review(props: { journeyKey: string; stopped: boolean; close: () => void; toProblem: () => void }) {
  const { journeyKey, close } = props
  const { t } = useTranslation("editor")
  const session = useSession()
  const api = useApi()
  const cache = useQueryClient()
  const own = useSessionState(state => state.problems)
  const save = useSessionState(state => state.save)
  const [note, setNote] = useState("")
  useEffect(() => void session.flush(), [session])
  const publish = useMutation(
    api.journeys.publish.mutationOptions({
      onSuccess: () =>
        Promise.all([
          cache.invalidateQueries(api.journeys.get.queryFilter({ key: journeyKey })),
          cache.invalidateQueries(api.journeys.list.queryFilter()),
        ]),
    }),
  )
  const refused = problemsOf(publish.error)
  const problems = refused ?? own
  const errors = problems.filter(problem => problem.severity === "error").length
  if (publish.data)
    return (
      <Stack gap="sm">
        <Alert
          color="green"
          icon={<IconCircleCheck size={18} aria-hidden />}
          title={t("publish.done", { version: publish.data.version })}
          data-published={publish.data.version}
        >
          {t("publish.doneText")}
        </Alert>
        <Group justify="flex-end">
          <Button onClick={close}>{t("close")}</Button>
        </Group>
      </Stack>
    )
  return (
    <Stack gap="sm">
      <Text size="sm">
        {errors > 0
          ? t("publish.blocked", { count: errors })
          : t(props.stopped ? "publish.readyStopped" : "publish.ready")}
      </Text>
      {problems.length > 0 && <ProblemList problems={problems} onChosen={props.toProblem} />}
      {publish.error && !refused && <ErrorNote error={publish.error} />}
      <Textarea
        label={t("publish.note")}
        placeholder={t("publish.noteHint")}
        value={note}
        maxLength={1000}
        onChange={event => setNote(event.currentTarget.value)}
      />
      <Group justify="flex-end">
        {save.kind === "saving" && <Loader size="xs" aria-label={t("save.saving")} />}
        <Button variant="default" onClick={close}>
          {t("cancel")}
        </Button>
        <Button
          disabled={errors > 0 && !refused}
          loading={publish.isPending}
          data-publish
          onClick={async () => {
            await session.flush()
            const { revision } = session.store.getState()
            publish.mutate({
              key: journeyKey,
              revision,
              ...(note.trim() === "" ? {} : { note: note.trim() }),
            })
          }}
        >
          {t("publish.publish")}
        </Button>
      </Group>
    </Stack>
  )
}

/** The problems that the server gave as its reason; it checks with all that it knows. */
function problemsOf(error: unknown): readonly Problem[] | undefined {
  return isApiError(error) ? error.data?.problems : undefined
}
