import "@xyflow/react/dist/base.css"
import { useComputedColorScheme } from "@mantine/core"
import { connectionRule } from "@viaggio/journey-model"
import {
  Background,
  BackgroundVariant,
  type Connection,
  ConnectionLineType,
  type EdgeChange,
  type FinalConnectionState,
  type NodeChange,
  ReactFlow,
  SelectionMode,
  useReactFlow,
  useStore,
  useStoreApi,
} from "@xyflow/react"
import { type RefObject, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react"
import { useTranslation } from "react-i18next"
import { useNodeWords } from "../../node-types/words.ts"
import { cardBox, toPlace } from "../graph/card-boxes.ts"
import { cardElementId } from "../graph/card-element.ts"
import { cardWidth } from "../graph/card-geometry.ts"
import { CanvasKeys } from "../keyboard/CanvasKeys.tsx"
import { connectNodes, moveNodes } from "../session/commands.ts"
import { useSession, useSessionState } from "../session/session-context.ts"
import { AlignmentLines } from "./AlignmentLines.tsx"
import classes from "./canvas.module.css"
import { useCanvasState, useCanvasStore } from "./canvas-store.ts"
import { detailAt, isLarge } from "./detail.ts"
import { FarEdges } from "./FarEdges.tsx"
import type { View } from "./fit-around.ts"
import {
  type CardNode,
  createFlowElements,
  type MovingPositions,
  type OutcomeEdge as OutcomeEdgeType,
} from "./flow-elements.ts"
import { CardWordsContext, NodeCard } from "./NodeCard.tsx"
import { OutcomeEdge } from "./OutcomeEdge.tsx"
import { useAlignment } from "./use-alignment.ts"
import { useFocusRequests } from "./use-focus-requests.ts"
import { useRefusal } from "./use-refusal.ts"
import { useTidyAnimation } from "./use-tidy-animation.ts"
import { minZoom, wholeView } from "./whole-view.ts"

const nodeTypes = { card: NodeCard }
const edgeTypes = { outcome: OutcomeEdge }
const snapGrid: [number, number] = [10, 10]
const still: MovingPositions = new Map()
const noEdges: OutcomeEdgeType[] = []

/** The journey as a graph: React Flow draws the document itself, and every edit goes through the session. */
export function Canvas() {
  const { t } = useTranslation("editor")
  const session = useSession()
  const canvas = useCanvasStore()
  const refuse = useRefusal()
  const flow = useReactFlow()
  const words = useNodeWords()
  const colorMode = useComputedColorScheme("light")
  const journey = useSessionState(state => state.history.journey)
  const selection = useSessionState(state => state.selection)
  const active = useSessionState(state => state.active)
  const elements = useMemo(createFlowElements, [])
  const [dragged, setDragged] = useState<MovingPositions>(still)
  const latest = useRef<MovingPositions>(still)
  const { aligned, end: endAlignment } = useAlignment()
  const dropping = useRef(false)
  const gliding = useTidyAnimation(dropping)
  const box = useRef<HTMLDivElement>(null)
  const selected = useMemo(() => new Set(selection.nodes), [selection])
  const nodes = elements.toNodes(journey, selected, gliding ?? dragged)
  const large = isLarge(journey.nodes.length)
  const isFar = useCanvasState(state => state.detail !== "near")
  const drawsLight = large && isFar
  const edges = drawsLight ? noEdges : elements.toEdges(journey, selection.edge)
  const ariaLabels = useMemo(
    () => ({
      "node.a11yDescription.default": t("canvas.help"),
      "node.a11yDescription.keyboardDisabled": t("canvas.help"),
      "node.a11yDescription.ariaLiveMessage": () => "",
      "edge.a11yDescription.default": t("canvas.help"),
      "minimap.ariaLabel": t("canvas.minimap"),
      "handle.ariaLabel": t("canvas.handle"),
    }),
    [t],
  )
  useFocusRequests(box)
  const opening = useOpeningView(box)

  const onNodesChange = useCallback(
    (changes: NodeChange<CardNode>[]) => {
      const moved = changes.filter(change => change.type === "position" && change.position)
      if (moved.length > 0) {
        const next = new Map(latest.current)
        for (const change of moved)
          if (change.type === "position" && change.position) next.set(change.id, change.position)
        // The last call of a drag only says that it is over.
        const isDragging = moved.some(change => change.type === "position" && change.dragging)
        latest.current = isDragging ? aligned(next) : latest.current
        setDragged(latest.current)
      }
      // A click on a card tells of the one that is marked and of those that no longer are, in several calls.
      const marks = changes.filter(change => change.type === "select")
      if (marks.length === 0) return
      const before = session.store.getState().selection
      const next = new Set(before.nodes)
      for (const mark of marks) mark.selected ? next.add(mark.id) : next.delete(mark.id)
      // A click on a connection marks it first and lets go of the cards after that.
      const edge = marks.some(mark => mark.selected) ? undefined : before.edge
      session.select({ nodes: [...next], ...(edge === undefined ? {} : { edge }) })
    },
    [session, aligned],
  )
  const onEdgesChange = useCallback(
    (changes: EdgeChange<OutcomeEdgeType>[]) => {
      for (const change of changes) {
        if (change.type !== "select") continue
        const { selection: before } = session.store.getState()
        if (change.selected) session.select({ nodes: before.nodes, edge: change.id })
        else if (before.edge === change.id) session.select({ nodes: before.nodes })
      }
    },
    [session],
  )
  const onDragStop = useCallback(
    (_event: unknown, _node: unknown, stopped: CardNode[]) => {
      dropping.current = true
      moveNodes(
        session,
        Object.fromEntries(
          stopped.map(node => [
            node.id,
            toPlace(latest.current.get(node.id) ?? node.position, node.width ?? cardWidth),
          ]),
        ),
      )
      dropping.current = false
      latest.current = still
      endAlignment()
      setDragged(still)
    },
    [session, endAlignment],
  )
  const onConnectStart = useCallback(
    (
      _event: unknown,
      {
        nodeId,
        handleId,
        handleType,
      }: { nodeId: string | null; handleId: string | null; handleType: string | null },
    ) => {
      if (!nodeId || !handleId || handleType !== "source") return
      const now = session.journey()
      canvas.setState({
        connecting: {
          from: nodeId,
          outcome: handleId,
          refusals: new Map(
            now.nodes.map(node => [
              node.id,
              connectionRule(now, { from: nodeId, outcome: handleId, to: node.id }),
            ]),
          ),
        },
      })
    },
    [session, canvas],
  )
  const isValidConnection = useCallback(
    (connection: Connection | OutcomeEdgeType) =>
      canvas.getState().connecting?.refusals.get(connection.target) === undefined,
    [canvas],
  )
  const onConnect = useCallback(
    ({ source, sourceHandle, target }: Connection) => {
      if (!sourceHandle) return
      const refusal = connectNodes(session, { from: source, outcome: sourceHandle, to: target })
      if (refusal) refuse(refusal)
    },
    [session, refuse],
  )
  const onConnectEnd = useCallback(
    (event: MouseEvent | TouchEvent, state: FinalConnectionState) => {
      const { connecting } = canvas.getState()
      canvas.setState({ connecting: undefined })
      if (!connecting || state.isValid) return
      const { clientX: x, clientY: y } =
        "clientX" in event ? event : (event.changedTouches[0] ?? { clientX: 0, clientY: 0 })
      const over = document.elementFromPoint(x, y)?.closest<HTMLElement>("[data-node]")?.dataset.node
      if (over !== undefined) {
        // Anywhere on the card is as good as its handle.
        const refusal = connectNodes(session, {
          from: connecting.from,
          outcome: connecting.outcome,
          to: over,
        })
        if (refusal && over !== connecting.from) refuse(refusal)
        return
      }
      if (document.elementFromPoint(x, y)?.closest(".react-flow__pane")) {
        // The state's own `to` is in pixels of the pane, right only at 100 % and unmoved.
        const place = flow.screenToFlowPosition({ x, y })
        canvas.setState({
          picker: {
            x,
            y,
            target: {
              kind: "after",
              from: connecting.from,
              outcome: connecting.outcome,
              position: [Math.round(place.x - cardWidth / 2), Math.round(place.y)],
            },
          },
        })
      }
    },
    [canvas, session, refuse, flow],
  )
  return (
    <div
      ref={box}
      className={classes.canvas}
      role="application"
      aria-label={t("canvas.label")}
      aria-roledescription={t("canvas.role")}
      aria-activedescendant={active === undefined ? undefined : cardElementId(active)}
      aria-describedby="canvas-help"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the one tab stop of the canvas; arrows walk from here
      tabIndex={0}
      data-journey-canvas
      // The ring is for those who came by a key; :focus-visible also shows it after a click that moves the focus.
      onKeyUp={event => event.currentTarget.setAttribute("data-keys", "")}
      onPointerDownCapture={event => {
        event.currentTarget.removeAttribute("data-keys")
        if (!(event.target as Element).closest("button, input, [role=toolbar]"))
          box.current?.focus({ preventScroll: true })
      }}
    >
      <span id="canvas-help" className={classes.help}>
        {t("canvas.help")}
      </span>
      <CardWordsContext value={words}>
        {opening && (
          <ReactFlow<CardNode, OutcomeEdgeType>
            nodes={nodes}
            edges={edges}
            nodeTypes={nodeTypes}
            edgeTypes={edgeTypes}
            colorMode={colorMode}
            ariaLabelConfig={ariaLabels}
            onNodesChange={onNodesChange}
            onEdgesChange={onEdgesChange}
            onNodeDragStop={onDragStop}
            onSelectionDragStop={(event, stopped) => onDragStop(event, undefined, stopped)}
            onNodeDoubleClick={(_event, node) => session.focusOn({ node: node.id, at: "first", pan: false })}
            onPaneClick={() => session.select({ nodes: [] })}
            onConnectStart={onConnectStart}
            onConnect={onConnect}
            onConnectEnd={onConnectEnd}
            isValidConnection={isValidConnection}
            connectionRadius={28}
            connectionLineType={ConnectionLineType.SmoothStep}
            nodesDraggable={!session.readOnly}
            nodesConnectable={!session.readOnly}
            nodesFocusable={false}
            edgesFocusable={false}
            disableKeyboardA11y
            deleteKeyCode={null}
            multiSelectionKeyCode="Shift"
            selectionKeyCode="Shift"
            selectionMode={SelectionMode.Partial}
            snapToGrid
            snapGrid={snapGrid}
            nodeDragThreshold={3}
            elevateNodesOnSelect
            onlyRenderVisibleElements={large}
            minZoom={minZoom}
            maxZoom={2}
            defaultViewport={opening}
          >
            <ArrowHead />
            <Background variant={BackgroundVariant.Dots} gap={20} size={1.2} color="var(--line-strong)" />
            <AlignmentLines />
            <DetailOfZoom />
            {drawsLight && <FarEdges moving={gliding ?? dragged} />}
            <CanvasKeys box={box} />
          </ReactFlow>
        )}
      </CardWordsContext>
    </div>
  )
}

/**
 * The view on the whole journey, known before anything is drawn: hundreds of cards would else be drawn from near,
 * then once more from far away. Undefined only until the canvas has its size.
 */
function useOpeningView(box: RefObject<HTMLDivElement | null>): View | undefined {
  const session = useSession()
  const canvas = useCanvasStore()
  const store = useStoreApi()
  const [view, setView] = useState<View | undefined>()
  useLayoutEffect(() => {
    if (!box.current) return
    const journey = session.journey()
    const opening = wholeView(
      box.current,
      journey.nodes.map(({ id }) => cardBox(journey, id)),
    )
    const { width, height } = box.current.getBoundingClientRect()
    canvas.setState({ detail: detailAt(opening.zoom) })
    store.setState({ width, height, transform: [opening.x, opening.y, opening.zoom] })
    setView(opening)
  }, [box, session, canvas, store])
  return view
}

/** Tells the canvas how much of it can be seen; cards ask the store, which changes far less often than the view. */
function DetailOfZoom() {
  const canvas = useCanvasStore()
  const detail = useStore(state => detailAt(state.transform[2]))
  useEffect(() => canvas.setState({ detail }), [canvas, detail])
  return null
}

function ArrowHead() {
  return (
    <svg width={0} height={0} aria-hidden style={{ position: "absolute" }}>
      <defs>
        <marker
          id="journey-arrow"
          viewBox="0 0 10 10"
          refX={9}
          refY={5}
          markerUnits="userSpaceOnUse"
          markerWidth={11}
          markerHeight={11}
          orient="auto-start-reverse"
        >
          <path d="M 0 1 L 9 5 L 0 9 z" fill="var(--line-strong)" />
        </marker>
      </defs>
    </svg>
  )
}
