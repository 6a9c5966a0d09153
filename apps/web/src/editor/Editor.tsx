import { ReactFlowProvider } from "@xyflow/react"
import { useEffect, useMemo, useRef, useState } from "react"
import type { Outputs } from "../app/api.ts"
import { useMay } from "../app/role.ts"
import { LiveBar } from "../live/LiveBar.tsx"
import { LiveContext } from "../live/live-context.ts"
import { WalkContext } from "../simulation/walk-context.ts"
import { createWalkStore } from "../simulation/walk-store.ts"
import { ConflictDialog } from "./ConflictDialog.tsx"
import { Canvas } from "./canvas/Canvas.tsx"
import { CanvasContext, createCanvasStore } from "./canvas/canvas-store.ts"
import { NodePicker } from "./canvas/NodePicker.tsx"
import { EditorHeader } from "./EditorHeader.tsx"
import classes from "./editor.module.css"
import { CatalogueContext, EntryEventContext } from "./fields/catalogue.ts"
import { Inspector } from "./inspector/Inspector.tsx"
import { ConnectDialog } from "./keyboard/ConnectDialog.tsx"
import { ShortcutSheet } from "./keyboard/ShortcutSheet.tsx"
import { useEditorShortcuts } from "./keyboard/use-editor-shortcuts.ts"
import { ProblemsDrawer } from "./problems/ProblemsDrawer.tsx"
import { PublishDialog } from "./publish/PublishDialog.tsx"
import { StatusBar } from "./StatusBar.tsx"
import { createSession } from "./session/session.ts"
import { SessionContext, useSession, useSessionState } from "./session/session-context.ts"
import { useCatalogueData } from "./use-catalogue-data.ts"
import { useLive } from "./use-live.ts"
import { useRunActions } from "./use-run-actions.tsx"
import { useSessionPorts } from "./use-session-ports.ts"
import { WalkSide } from "./WalkSide.tsx"

type Stored = Outputs["journeys"]["get"]

/** The editor of one journey: the session, and everything that shows it. */
export function Editor({ journeyKey, stored }: { journeyKey: string; stored: Stored }) {
  const ports = useSessionPorts(journeyKey)
  const may = useMay()
  const [session] = useState(() =>
    createSession(
      { document: stored.document, revision: stored.revision, savedAt: Date.parse(stored.updatedAt) },
      ports,
      { readOnly: !may.edit },
    ),
  )
  const canvas = useMemo(createCanvasStore, [])
  const walk = useMemo(createWalkStore, [])
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
  useEditorShortcuts(session)
  return (
    <SessionContext value={session}>
      <CanvasContext value={canvas}>
        <WalkContext value={walk}>
          <Workbench journeyKey={journeyKey} stored={stored} />
        </WalkContext>
      </CanvasContext>
    </SessionContext>
  )
}

function Workbench({ journeyKey, stored }: { journeyKey: string; stored: Stored }) {
  const box = useRef<HTMLDivElement>(null)
  const { readOnly } = useSession()
  const catalogue = useCatalogueData()
  const live = useLive(journeyKey, stored.status !== "draft")
  const { run, dialog } = useRunActions(journeyKey)
  const open = useSessionState(state => state.open)
  const entryEvent = useSessionState(state => {
    const entry = state.history.journey.nodes.find(node => node.type === "event-entry")
    return typeof entry?.config.event === "string" ? entry.config.event : ""
  })
  const changed = useSessionState(
    state => stored.publishedHash !== null && state.hash !== stored.publishedHash,
  )
  const focusCanvas = () => box.current?.querySelector<HTMLElement>("[data-journey-canvas]")?.focus()
  return (
    <CatalogueContext value={catalogue}>
      <EntryEventContext value={entryEvent}>
        <LiveContext value={live}>
          <div className={classes.editor} ref={box} data-read-only={readOnly || undefined}>
            <EditorHeader status={stored.status} version={stored.version} changed={changed} onRun={run} />
            <div className={classes.body}>
              <div className={classes.center}>
                <ReactFlowProvider>
                  <div className={classes.canvasArea}>
                    <Canvas />
                    {live && (
                      <div className={classes.liveBar}>
                        <LiveBar />
                      </div>
                    )}
                  </div>
                  <ProblemsDrawer />
                </ReactFlowProvider>
              </div>
              {open.walk ? <WalkSide /> : open.inspector && <Inspector focusCanvas={focusCanvas} />}
            </div>
            <StatusBar />
            <NodePicker onClosed={focusCanvas} />
            <ConnectDialog onClosed={focusCanvas} />
            <ShortcutSheet />
            <PublishDialog journeyKey={journeyKey} status={stored.status} />
            <ConflictDialog />
            {dialog}
          </div>
        </LiveContext>
      </EntryEventContext>
    </CatalogueContext>
  )
}
