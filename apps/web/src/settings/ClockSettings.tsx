import { Button, Group, Stack, Text, TextInput } from "@mantine/core"
import { IconClockPlay } from "@tabler/icons-react"
import { useMutation, useQueryClient } from "@tanstack/react-query"
import { useRef, useState } from "react"
import { useTranslation } from "react-i18next"
import { useApiClient } from "../app/api.ts"
import { useFormat } from "../app/format.ts"
import { useSandboxNow } from "../app/now.ts"
import { useWorkspace } from "../app/workspace.ts"
import { ErrorNote } from "../ui/ErrorNote.tsx"
import { fromLocalText, toLocalText } from "../ui/local-time.ts"
import { Panel } from "../ui/Panel.tsx"
import { RoleFields } from "../ui/RoleFields.tsx"
import classes from "./ClockSettings.module.css"
import { type AdvanceSum, advanceTo } from "./clock.ts"

const hourMs = 3_600_000
const jumps = [
  { duration: "PT1H", ms: hourMs },
  { duration: "P1D", ms: 24 * hourMs },
  { duration: "P3D", ms: 72 * hourMs },
  { duration: "P1W", ms: 168 * hourMs },
] as const

/** The sandbox's clock: where it stands, and the ways to move it on. Everything due on the way happens. */
export function ClockSettings() {
  const { t } = useTranslation("settings")
  const client = useApiClient()
  const cache = useQueryClient()
  const format = useFormat()
  const { zone } = useWorkspace()
  const now = useSandboxNow()
  const [progress, setProgress] = useState<AdvanceSum>()
  const running = useRef<AbortController>(undefined)
  const advance = useMutation({
    mutationFn: (to: number) => {
      running.current = new AbortController()
      setProgress({ events: 0, steps: 0, messages: 0 })
      return advanceTo(
        new Date(to).toISOString(),
        input => client.clock.advance.mutate(input),
        setProgress,
        running.current.signal,
      )
    },
    // A moved clock touches everything that the workspace shows.
    onSettled: () => cache.invalidateQueries(),
  })
  if (now === undefined) return null
  return (
    <Panel title={t("clock.title")} text={t("clock.text")}>
      <Stack gap="lg">
        <div className={classes.face}>
          <IconClockPlay size={26} stroke={1.6} aria-hidden />
          <div>
            <span className={classes.now}>{format.dateTime(now)}</span>
            <span className={classes.exact}>{format.exact(now)}</span>
          </div>
        </div>
        <RoleFields needs="editor">
          <div>
            <Text fw={550} size="sm" mb={6} id="clock-by">
              {t("clock.by")}
            </Text>
            <Group gap="xs" role="group" aria-labelledby="clock-by">
              {jumps.map(({ duration, ms }) => (
                <Button
                  key={duration}
                  variant="default"
                  disabled={advance.isPending}
                  onClick={() => advance.mutate(now + ms)}
                >
                  {format.duration(duration)}
                </Button>
              ))}
            </Group>
          </div>
          <AdvanceToForm
            key={now}
            now={now}
            zone={zone}
            busy={advance.isPending}
            onAdvance={advance.mutate}
          />
        </RoleFields>
        <div role="status">
          {progress && (
            <Group gap="md" className={classes.progress}>
              <Text size="sm">
                {t(advance.isPending ? "clock.running" : "clock.done", {
                  events: format.number(progress.events),
                  steps: format.number(progress.steps),
                  messages: format.number(progress.messages),
                })}
              </Text>
              {advance.isPending && (
                <Button size="xs" variant="default" onClick={() => running.current?.abort()}>
                  {t("clock.stop")}
                </Button>
              )}
            </Group>
          )}
        </div>
        {advance.error && <ErrorNote error={advance.error} />}
      </Stack>
    </Panel>
  )
}

function AdvanceToForm(props: { now: number; zone: string; busy: boolean; onAdvance: (to: number) => void }) {
  const { t } = useTranslation("settings")
  const [text, setText] = useState(() => toLocalText(props.now + 24 * hourMs, props.zone))
  const [error, setError] = useState<string>()
  return (
    <form
      noValidate
      onSubmit={event => {
        event.preventDefault()
        const to = fromLocalText(text, props.zone)
        if (to === undefined) setError(t("clock.wrong"))
        else if (to <= props.now) setError(t("clock.past"))
        else props.onAdvance(to)
      }}
    >
      <Group align="flex-start" gap="xs">
        <TextInput
          type="datetime-local"
          label={t("clock.to")}
          description={t("clock.zone", { zone: props.zone })}
          value={text}
          error={error}
          inputWrapperOrder={["label", "input", "description", "error"]}
          onChange={event => {
            setText(event.currentTarget.value)
            setError(undefined)
          }}
        />
        <Button type="submit" mt={25} loading={props.busy}>
          {t("clock.move")}
        </Button>
      </Group>
    </form>
  )
}
