import { UnstyledButton } from "@mantine/core"
import {
  IconAlertTriangle,
  IconCheck,
  IconCircleX,
  IconCloudOff,
  IconKeyboard,
  IconLoader,
} from "@tabler/icons-react"
import { useTranslation } from "react-i18next"
import { useErrorText } from "../app/error-text.ts"
import { useFormat } from "../app/format.ts"
import classes from "./editor.module.css"
import { useSession, useSessionState } from "./session/session-context.ts"

/** Nodes, errors, warnings and whether everything is saved. */
export function StatusBar() {
  const { t } = useTranslation("editor")
  const session = useSession()
  const nodes = useSessionState(state => state.history.journey.nodes.length)
  const errors = useSessionState(state => state.problems.filter(each => each.severity === "error").length)
  const warnings = useSessionState(state => state.problems.filter(each => each.severity === "warning").length)
  return (
    <div className={classes.status}>
      <span data-status-nodes={nodes}>{t("status.nodes", { count: nodes })}</span>
      <UnstyledButton
        className={classes.statusProblems}
        onClick={() => session.show("problems")}
        data-status-problems
      >
        <span data-severity={errors > 0 ? "error" : undefined}>
          <IconCircleX size={14} aria-hidden />
          {t("status.errors", { count: errors })}
        </span>
        <span data-severity={warnings > 0 ? "warning" : undefined}>
          <IconAlertTriangle size={14} aria-hidden />
          {t("status.warnings", { count: warnings })}
        </span>
      </UnstyledButton>
      <span className={classes.grow} />
      <SaveNote />
      <UnstyledButton
        className={classes.statusProblems}
        aria-label={t("shortcuts.title")}
        onClick={() => session.show("shortcuts", true)}
      >
        <IconKeyboard size={15} aria-hidden />
      </UnstyledButton>
    </div>
  )
}

function SaveNote() {
  const { t } = useTranslation("editor")
  const format = useFormat()
  const errorText = useErrorText()
  const { readOnly } = useSession()
  const save = useSessionState(state => state.save)
  if (readOnly) return null
  switch (save.kind) {
    case "saved":
      return (
        <span
          className={classes.save}
          data-save="saved"
          title={save.at === undefined ? undefined : format.exact(save.at)}
        >
          <IconCheck size={14} aria-hidden />
          {save.at === undefined ? t("save.saved") : t("save.savedAt", { time: format.time(save.at) })}
        </span>
      )
    case "unsaved":
    case "saving":
      return (
        <span className={classes.save} data-save={save.kind}>
          <IconLoader size={14} aria-hidden />
          {t("save.saving")}
        </span>
      )
    case "failed":
      return (
        <span
          className={classes.save}
          data-save="failed"
          data-severity="error"
          title={errorText(save.error).detail}
        >
          <IconCloudOff size={14} aria-hidden />
          {t("save.failed")}
        </span>
      )
    case "conflict":
      return (
        <span className={classes.save} data-save="conflict" data-severity="error">
          <IconCloudOff size={14} aria-hidden />
          {t("save.conflict")}
        </span>
      )
  }
}
