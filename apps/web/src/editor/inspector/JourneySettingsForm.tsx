import { Radio, Stack, Textarea, TextInput } from "@mantine/core"
import type { Reentry } from "@viaggio/journey-model"
import { useTranslation } from "react-i18next"
import { useFormat } from "../../app/format.ts"
import { DurationField } from "../fields/DurationField.tsx"
import { setJourney } from "../session/commands.ts"
import { useSession, useSessionState } from "../session/session-context.ts"
import classes from "./inspector.module.css"

const modes = ["once", "after-exit", "always"] as const

const reentryOf = (mode: Reentry["mode"]): Reentry =>
  mode === "after-exit" ? { mode, cooldown: "P30D" } : { mode }

/** The journey itself: its name, and whether a customer may come in again. */
export function JourneySettingsForm() {
  const { t } = useTranslation("editor")
  const session = useSession()
  const format = useFormat()
  const journey = useSessionState(state => state.history.journey)
  const { reentry } = journey.settings
  const setReentry = (next: Reentry) =>
    setJourney(session, { settings: { ...journey.settings, reentry: next } })
  return (
    <>
      <h2 className={classes.title}>{t("settings.title")}</h2>
      <p className={classes.sentence}>
        {reentry.mode === "after-exit"
          ? t("settings.sentence.after-exit", { cooldown: format.duration(reentry.cooldown) })
          : t(`settings.sentence.${reentry.mode}`)}
      </p>
      <Stack gap="md" data-form>
        <TextInput
          size="xs"
          label={t("settings.name")}
          value={journey.name}
          maxLength={120}
          onChange={event => setJourney(session, { name: event.currentTarget.value })}
        />
        <Textarea
          size="xs"
          label={t("settings.description")}
          autosize
          minRows={2}
          maxRows={6}
          value={journey.description ?? ""}
          onChange={event => setJourney(session, { description: event.currentTarget.value })}
        />
        <Radio.Group
          size="xs"
          label={t("settings.reentry")}
          value={reentry.mode}
          onChange={mode => setReentry(reentryOf(mode as Reentry["mode"]))}
        >
          <Stack gap={6} mt={6}>
            {modes.map(mode => (
              <Radio key={mode} size="xs" value={mode} label={t(`settings.modes.${mode}`)} />
            ))}
          </Stack>
        </Radio.Group>
        {reentry.mode === "after-exit" && (
          <DurationField
            label={t("settings.cooldown")}
            value={reentry.cooldown}
            onChange={cooldown => setReentry({ mode: "after-exit", cooldown })}
          />
        )}
      </Stack>
    </>
  )
}
