import { useNavigate } from "@tanstack/react-router"
import { ReactFlowProvider } from "@xyflow/react"
import { type ReactNode, Suspense, useEffect, useMemo, useState } from "react"
import type { Outputs } from "../app/api.ts"
import { useMay } from "../app/role.ts"
import { useWorkspace } from "../app/workspace.ts"
import { LiveContext } from "../live/live-context.ts"
import { type NumberAsked, NumbersContext, type VersionChoice } from "../live/numbers.ts"
import { useNodeWords } from "../node-types/words.ts"
import { createOverlay, OverlayContext, useOverlay } from "../simulation/overlay.ts"
import { WalkContext } from "../simulation/walk-context.ts"
import { createWalkStore } from "../simulation/walk-store.ts"
import { Canvas } from "./canvas/Canvas.tsx"
import { CanvasSide } from "./canvas/CanvasSide.tsx"
import { CanvasContext, createCanvasStore } from "./canvas/canvas-store.ts"
import { useActions } from "./commands/use-actions.ts"
import { EditorHeader } from "./EditorHeader.tsx"
import classes from "./editor.module.css"
import { CatalogueContext, EntryEventContext } from "./fields/catalogue.ts"
import { FindBar } from "./find/FindBar.tsx"
import { focusJourneyView } from "./graph/card-element.ts"
import { graphOf } from "./graph/graph-index.ts"
import { Inspector } from "./inspector/Inspector.tsx"
import { useClipboard } from "./keyboard/use-clipboard.ts"
import { useEditorShortcuts } from "./keyboard/use-editor-shortcuts.ts"
import {
  CommandPalette,
  ConflictDialog,
  ConnectDialog,
  LiveBar,
  NodePicker,
  NumberDrawer,
  Outline,
  ProblemsDrawer,
  ShortcutSheet,
  useAfterCanvas,
  WalkSide,
} from "./later.ts"
import { StatusBar } from "./StatusBar.tsx"
import { createSession, type KeptHistory } from "./session/session.ts"
import { SessionContext, useSession, useSessionState } from "./session/session-context.ts"
import { useCatalogueData } from "./use-catalogue-data.ts"
import { useLive } from "./use-live.ts"
import { useRunActions } from "./use-run-actions.tsx"
import { useSessionPorts } from "./use-session-ports.ts"

type Stored = Outputs["journeys"]["get"]

/** The editor of one journey: the session, and everything that shows it. `node`: where a link into it leads. */
export function Editor(props: {
  journeyKey: string
  stored: Stored
  kept: KeptHistory | undefined
  node: string | undefined
}) {
  const { journeyKey, stored, kept, node } = props
  const ports = useSessionPorts(journeyKey)
  const may = useMay()
  const [session] = useState(() =>
    createSession(
      { document: stored.document, revision: stored.revision, savedAt: Date.parse(stored.updatedAt), kept },
      ports,
      { readOnly: !may.edit },
    ),
  )
  const [canvas] = useState(createCanvasStore)
  const walk = useMemo(createWalkStore, [])
  const [overlay] = useState(createOverlay)
  useEffect(() => {
    const keepHere = (event: BeforeUnloadEvent) => {
      if (session.store.getState().save.kind === "saved") return
      void session.flush()
      event.preventDefault()
    }
    window.addEventListener("beforeunload", keepHere)
    return () => {
      window.removeEventListener("beforeunload", keepHere)
      void session.flush()
    }
  }, [session])
  useEffect(() => {
    if (node !== undefined && session.journey().nodes.some(({ id }) => id === node)) session.focusOn({ node })
  }, [session, node])
  return (
    <SessionContext value={session}>
      <CanvasContext value={canvas}>
        <WalkContext value={walk}>
          <OverlayContext value={overlay}>
            <ReactFlowProvider>
              <Workbench journeyKey={journeyKey} stored={stored} />
            </ReactFlowProvider>
          </OverlayContext>
        </WalkContext>
      </CanvasContext>
    </SessionContext>
  )
}

function Workbench({ journeyKey, stored }: { journeyKey: string; stored: Stored }) {
  const session = useSession()
  const { readOnly } = session
  const navigate = useNavigate()
  const workspace = useWorkspace()
  const catalogue = useCatalogueData()
  const [countedVersion, setCountedVersion] = useState<VersionChoice>("all")
  const [asked, setAsked] = useState<NumberAsked | undefined>()
  const numbers = useMemo(
    () => ({ version: countedVersion, setVersion: setCountedVersion, open: setAsked }),
    [countedVersion],
  )
  const live = useLive(journeyKey, stored.status !== "draft", countedVersion)
  const simulated = useOverlay()
  const names = useNodeNames()
  const { run, dialog } = useRunActions(journeyKey)
  const open = useSessionState(state => state.open)
  const isAfterCanvas = useAfterCanvas()
  const entryEvent = useSessionState(state => {
    const entry = state.history.journey.nodes.find(node => node.type === "event-entry")
    return typeof entry?.config.event === "string" ? entry.config.event : ""
  })
  const changed = useSessionState(
    state => stored.publishedHash !== null && state.hash !== stored.publishedHash,
  )
  const openPublish = () => {
    // The page shows what the server has.
    void session.flush().then(() =>
      navigate({
        to: "/w/$workspace/journeys/$key/publish",
        params: { workspace: workspace.id, key: journeyKey },
      }),
    )
  }
  const actions = useActions({
    isDraft: stored.status === "draft",
    status: stored.status,
    openPublish,
    onRun: run,
  })
  useEditorShortcuts(actions)
  useClipboard(session)
  return (
    <CatalogueContext value={catalogue}>
      <EntryEventContext value={entryEvent}>
        <LiveContext value={simulated?.live ?? live}>
          <NumbersContext value={simulated?.numbers ?? numbers}>
            <div
              className={classes.editor}
              data-read-only={readOnly || undefined}
              data-simulated={simulated !== undefined || undefined}
            >
              <EditorHeader
                status={stored.status}
                version={stored.version}
                changed={changed}
                onRun={run}
                onPublish={openPublish}
              />
              <div className={classes.body}>
                {!open.outline && <CanvasSide />}
                <div className={classes.center}>
                  <div className={classes.canvasArea}>
                    {open.outline ? (
                      <Part>
                        <Outline />
                      </Part>
                    ) : (
                      <Canvas />
                    )}
                    {(simulated || live) && !open.outline && (
                      <div className={classes.liveBar}>
                        <Part>
                          {simulated?.bar ?? <LiveBar journey={journeyKey} published={stored.version} />}
                        </Part>
                      </div>
                    )}
                    <FindBar />
                  </div>
                  {open.problems && (
                    <Part>
                      <ProblemsDrawer />
                    </Part>
                  )}
                </div>
                {open.walk ? (
                  <Part>
                    <WalkSide />
                  </Part>
                ) : (
                  open.inspector && <Inspector focusCanvas={focusJourneyView} isFilled={isAfterCanvas} />
                )}
              </div>
              <StatusBar />
              {isAfterCanvas && (
                <>
                  <Part>
                    <NodePicker onClosed={focusJourneyView} />
                  </Part>
                  <Part>
                    <ConnectDialog onClosed={focusJourneyView} />
                  </Part>
                  <Part>
                    <CommandPalette actions={actions} />
                  </Part>
                  <Part>
                    <ShortcutSheet actions={actions} />
                  </Part>
                  <Part>
                    <ConflictDialog />
                  </Part>
                  <Part>{dialog}</Part>
                  <Part>
                    <NumberDrawer
                      journey={journeyKey}
                      asked={asked}
                      version={countedVersion}
                      {...names}
                      onClose={() => setAsked(undefined)}
                    />
                  </Part>
                </>
              )}
            </div>
          </NumbersContext>
        </LiveContext>
      </EntryEventContext>
    </CatalogueContext>
  )
}

/** Holds the place of a part whose code may still be on its way. */
const Part = ({ children }: { children: ReactNode }) => <Suspense fallback={null}>{children}</Suspense>

/** What steps and their ways out are called; one that the draft no longer has is called by its id. */
function useNodeNames() {
  const session = useSession()
  const words = useNodeWords()
  const find = (id: string) => graphOf(session.journey()).nodes.get(id)
  return {
    nodeName: (id: string) => {
      const node = find(id)
      return node ? words.nodeName(node) : id
    },
    outcomeName: (id: string, outcome: string) => {
      const node = find(id)
      return node ? words.outcomeName(node, outcome) : words.outcomeWord(outcome)
    },
  }
}
