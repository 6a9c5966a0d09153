import { type RefObject, useEffect } from "react"
import { useSession, useSessionState } from "../session/session-context.ts"
import { EdgeInspector } from "./EdgeInspector.tsx"
import { focusField } from "./focus-field.ts"
import { JourneySettingsForm } from "./JourneySettingsForm.tsx"
import { NodeInspector } from "./NodeInspector.tsx"
import { SeveralInspector } from "./SeveralInspector.tsx"

/** What is selected: a node, a connection, several nodes, or the journey itself. Goes to the field that was asked for. */
export function InspectorContent({ panel }: { panel: RefObject<HTMLElement | null> }) {
  const session = useSession()
  const selection = useSessionState(state => state.selection)
  const focus = useSessionState(state => state.focus)
  useEffect(() => {
    if (focus.at === undefined || !panel.current) return
    focusField(panel.current, focus.at)
    session.focusServed()
  }, [focus, session, panel])
  const only = selection.nodes.length === 1 ? selection.nodes[0] : undefined
  if (only !== undefined) return <NodeInspector key={only} id={only} />
  if (selection.edge !== undefined) return <EdgeInspector id={selection.edge} />
  if (selection.nodes.length > 1) return <SeveralInspector count={selection.nodes.length} />
  return <JourneySettingsForm />
}
