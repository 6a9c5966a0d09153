import { ActionIcon } from "@mantine/core"
import { IconX } from "@tabler/icons-react"
import { type ReactNode, useEffect, useRef } from "react"
import { useTranslation } from "react-i18next"
import { useSession, useSessionState } from "../session/session-context.ts"
import { EdgeInspector } from "./EdgeInspector.tsx"
import { focusField } from "./focus-field.ts"
import classes from "./inspector.module.css"
import { JourneySettingsForm } from "./JourneySettingsForm.tsx"
import { NodeInspector } from "./NodeInspector.tsx"
import { SeveralInspector } from "./SeveralInspector.tsx"
import { useResizableWidth } from "./use-resizable-width.ts"

/** The panel for what is selected: a node, a connection, or the journey itself. */
export function Inspector({ focusCanvas }: { focusCanvas: () => void }) {
  const { t } = useTranslation("editor")
  const session = useSession()
  const selection = useSessionState(state => state.selection)
  const focus = useSessionState(state => state.focus)
  const panel = useRef<HTMLElement>(null)
  const resize = useResizableWidth()
  useEffect(() => {
    if (focus.at === undefined || !panel.current) return
    focusField(panel.current, focus.at)
    session.focusServed()
  }, [focus, session])
  const only = selection.nodes.length === 1 ? selection.nodes[0] : undefined
  return (
    <aside
      ref={panel}
      className={classes.panel}
      style={{ width: resize.width }}
      aria-label={t("inspector.title")}
      data-inspector
      onKeyDown={event => {
        if (event.key !== "Escape" || event.defaultPrevented) return
        event.stopPropagation()
        focusCanvas()
      }}
    >
      <div className={classes.resizer} {...resize.handlers} aria-hidden />
      <ActionIcon
        className={classes.close ?? ""}
        variant="subtle"
        color="gray"
        aria-label={t("inspector.close")}
        onClick={() => {
          session.show("inspector", false)
          focusCanvas()
        }}
      >
        <IconX size={16} aria-hidden />
      </ActionIcon>
      {session.readOnly ? (
        <fieldset disabled className={classes.readOnly}>
          {content()}
        </fieldset>
      ) : (
        content()
      )}
    </aside>
  )

  function content(): ReactNode {
    if (only !== undefined) return <NodeInspector key={only} id={only} />
    if (selection.edge !== undefined) return <EdgeInspector id={selection.edge} />
    if (selection.nodes.length > 1) return <SeveralInspector count={selection.nodes.length} />
    return <JourneySettingsForm />
  }
}
