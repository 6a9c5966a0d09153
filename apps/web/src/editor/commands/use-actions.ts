import { useTranslation } from "react-i18next"
import { useNotify } from "../../app/notify.ts"
import { useCanvasStore } from "../canvas/canvas-store.ts"
import { useRefusal } from "../canvas/use-refusal.ts"
import { useViewMoves } from "../canvas/use-view-moves.ts"
import { focusJourneyView } from "../graph/card-element.ts"
import { openPickerAfter } from "../keyboard/edit-keys.ts"
import { useMiddleOfView } from "../keyboard/use-clipboard.ts"
import type messages from "../messages.en.json"
import { usePictureWords } from "../picture/picture-words.ts"
import {
  copySelected,
  cutSelected,
  duplicateSelected,
  isFragment,
  paste,
  selectDownstream,
} from "../session/clipboard.ts"
import { deleteSelected, tidyUp } from "../session/commands.ts"
import { useSession, useSessionState } from "../session/session-context.ts"

export type ActionId = keyof typeof messages.actions

/** Something that the editor can do: found in the command palette, and by its keys. */
export type EditorAction = {
  id: ActionId
  /** Bindings such as `Mod+Shift+z`; `Mod` is Ctrl, or Cmd on a Mac. The first is shown. */
  keys?: readonly string[]
  /** Whether its keys hold while a field has the focus. */
  alsoInFields?: boolean
  /** The canvas or the outline answers the keys itself; they stand here only to be shown. */
  shownKeys?: string
  isPossible?: boolean
  run: () => void
}

/** All actions of the editor, with whether each is possible now. */
export function useActions(context: {
  isDraft: boolean
  openPublish: () => void
  onRun: (action: "pause" | "resume" | "stop") => void
  status: "draft" | "live" | "paused" | "stopped"
}): readonly EditorAction[] {
  const { t } = useTranslation("editor")
  const session = useSession()
  const canvas = useCanvasStore()
  const view = useViewMoves()
  const refuse = useRefusal()
  const notify = useNotify()
  const middleOfView = useMiddleOfView()
  const pictureWords = usePictureWords()
  const marked = useSessionState(state => state.selection.nodes.length)
  const hasEdge = useSessionState(state => state.selection.edge !== undefined)
  const active = useSessionState(state => state.active)
  const canUndo = useSessionState(state => state.history.undo.length > 0)
  const canRedo = useSessionState(state => state.history.redo.length > 0)
  const outline = useSessionState(state => state.open.outline)
  const { isDraft, status, onRun } = context
  const told = (refusal: Parameters<typeof refuse>[0] | undefined) => refusal && refuse(refusal)
  const write = (text: string | undefined) => {
    if (text !== undefined) void navigator.clipboard.writeText(text)
  }
  const pasteText = async () => {
    const text = await navigator.clipboard.readText()
    if (isFragment(text)) told(paste(session, text, middleOfView()))
    else notify.done(t("clipboard.nothing"))
  }
  const link = () => {
    const address = new URL(location.href)
    address.search = new URLSearchParams({ node: active ?? "" }).toString()
    write(address.toString())
    notify.done(t("clipboard.linkCopied"))
  }
  const save = async (format: "png" | "svg") => {
    try {
      const { exportPicture } = await import("../picture/export-picture.ts")
      await exportPicture(session.journey(), pictureWords, format)
    } catch (error) {
      notify.error(error)
    }
  }
  const all: EditorAction[] = [
    { id: "commands", keys: ["Mod+k"], alsoInFields: true, run: () => session.show("commands", true) },
    { id: "find", keys: ["Mod+f"], alsoInFields: true, run: () => session.show("find", true) },
    { id: "undo", keys: ["Mod+z"], isPossible: canUndo, run: session.undo },
    { id: "redo", keys: ["Mod+Shift+z", "Mod+y"], isPossible: canRedo, run: session.redo },
    {
      id: "insert",
      shownKeys: "Tab",
      isPossible: active !== undefined,
      run: () => active !== undefined && openPickerAfter(session, canvas, active),
    },
    {
      id: "connect",
      shownKeys: "E",
      isPossible: active !== undefined,
      run: () => canvas.setState({ connectFrom: active }),
    },
    {
      id: "configure",
      shownKeys: "Enter",
      isPossible: active !== undefined,
      run: () => active !== undefined && session.focusOn({ node: active, at: "first", pan: false }),
    },
    {
      id: "rename",
      shownKeys: "F2",
      isPossible: active !== undefined,
      run: () => active !== undefined && session.focusOn({ node: active, at: "name", pan: false }),
    },
    { id: "copy", shownKeys: "Mod+C", isPossible: marked > 0, run: () => write(copySelected(session)) },
    {
      id: "cut",
      shownKeys: "Mod+X",
      isPossible: marked > 0,
      run: () => {
        const { text, refusal } = cutSelected(session)
        write(text)
        told(refusal)
      },
    },
    { id: "paste", shownKeys: "Mod+V", run: () => void pasteText() },
    { id: "duplicate", keys: ["Mod+d"], isPossible: marked > 0, run: () => told(duplicateSelected(session)) },
    {
      id: "remove",
      shownKeys: "Delete",
      isPossible: marked > 0 || hasEdge,
      run: () => told(deleteSelected(session, { heal: true })),
    },
    {
      id: "removeOnly",
      shownKeys: "Alt+Delete",
      isPossible: marked > 0,
      run: () => told(deleteSelected(session, { heal: false })),
    },
    {
      id: "selectAll",
      keys: ["Mod+a"],
      run: () => session.select({ nodes: session.journey().nodes.map(({ id }) => id) }),
    },
    {
      id: "selectDownstream",
      keys: ["Mod+Shift+a"],
      isPossible: marked > 0,
      run: () => selectDownstream(session),
    },
    {
      id: "tidy",
      keys: ["Shift+l"],
      run: () => void tidyUp(session).then(told),
    },
    { id: "fit", shownKeys: "0", isPossible: !outline, run: () => void view.fit() },
    { id: "fullSize", shownKeys: "1", isPossible: !outline, run: () => void view.fullSize() },
    {
      id: "fitSelection",
      shownKeys: "2",
      isPossible: !outline && marked > 0,
      run: () => void view.fitSelection(),
    },
    { id: "zoomIn", shownKeys: "+", isPossible: !outline, run: () => void view.zoomIn() },
    { id: "zoomOut", shownKeys: "−", isPossible: !outline, run: () => void view.zoomOut() },
    {
      id: "outline",
      keys: ["Shift+o"],
      run: () => {
        session.show("outline")
        requestAnimationFrame(focusJourneyView)
      },
    },
    { id: "problems", keys: ["Mod+Shift+m"], alsoInFields: true, run: () => session.show("problems") },
    { id: "live", keys: ["o"], isPossible: !isDraft, run: () => session.show("live") },
    { id: "walk", keys: ["t"], run: () => session.show("walk") },
    { id: "publish", keys: ["Mod+Enter"], alsoInFields: true, run: context.openPublish },
    { id: "pause", isPossible: status === "live", run: () => onRun("pause") },
    { id: "resume", isPossible: status === "paused", run: () => onRun("resume") },
    { id: "stop", isPossible: status === "live" || status === "paused", run: () => onRun("stop") },
    { id: "exportPng", run: () => void save("png") },
    { id: "exportSvg", run: () => void save("svg") },
    { id: "copyLink", isPossible: active !== undefined, run: link },
    { id: "shortcuts", keys: ["?"], run: () => session.show("shortcuts", true) },
  ]
  return session.readOnly ? all.filter(({ id }) => !changing.has(id)) : all
}

/** What somebody who may only read has no use for. */
const changing: ReadonlySet<ActionId> = new Set<ActionId>([
  "undo",
  "redo",
  "insert",
  "connect",
  "rename",
  "cut",
  "paste",
  "duplicate",
  "remove",
  "removeOnly",
  "tidy",
  "publish",
  "pause",
  "resume",
  "stop",
])
