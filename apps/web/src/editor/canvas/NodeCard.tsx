import { IconAlertTriangle, IconCircleX, IconPlus } from "@tabler/icons-react"
import { describeNode, type Problem } from "@viaggio/journey-model"
import { Handle, type NodeProps, Position } from "@xyflow/react"
import { createContext, memo, useContext, useMemo } from "react"
import { useTranslation } from "react-i18next"
import { useFormat } from "../../app/format.ts"
import { useSentence } from "../../app/sentence.ts"
import { LiveChip } from "../../live/LiveChip.tsx"
import { useLiveState } from "../../live/live-context.ts"
import { familyOf, iconOf } from "../../node-types/registry.ts"
import { type NodeWords, sayTemplates, useNodeWords } from "../../node-types/words.ts"
import { useNeverReached } from "../../simulation/overlay.ts"
import { useWalkMark } from "../../simulation/walk-context.ts"
import { cardElementId } from "../graph/card-element.ts"
import { cardSize, fallsThrough, mainWay, outcomeX, slotOf } from "../graph/card-geometry.ts"
import { graphOf } from "../graph/graph-index.ts"
import { useSession, useSessionState } from "../session/session-context.ts"
import { useCanvasState, useCanvasStore } from "./canvas-store.ts"
import classes from "./card.module.css"
import { isLarge } from "./detail.ts"
import type { CardNode } from "./flow-elements.ts"

// Handles are placed from inside of the card's border.
const cardBorder = 1
const lightBorder = { left: 12, top: 2 }

/** One node of the journey on the canvas. From far away a large journey has hundreds in view: then a lighter one. */
export const NodeCard = memo(function NodeCard(props: NodeProps<CardNode>) {
  const light = useCanvasState(state => state.detail !== "near")
  const large = useSessionState(state => isLarge(state.history.journey.nodes.length))
  return light && large ? <LightCard {...props} /> : <FullCard {...props} />
})

/** The words for all cards, asked for once by the canvas: hundreds of light cards share them. */
export const CardWordsContext = createContext<NodeWords | undefined>(undefined)

function useCardWords(): NodeWords {
  const words = useContext(CardWordsContext)
  if (!words) throw new Error("a card outside of a canvas")
  return words
}

/** Colour, icon, name and how many are inside; no handles, because nobody hits one from here. */
function LightCard({ id, data, selected }: NodeProps<CardNode>) {
  const { node, outcomes } = data
  const words = useCardWords()
  const distant = useCanvasState(state => state.detail === "distant")
  const severity = useSessionState(state => worstOf(state.problemsByNode.get(id)))
  const marked = useSessionState(state => state.active === id || state.shownPath.includes(id))
  const found = useCanvasState(state => state.found.has(id))
  const isCounted = useLiveState(state => !distant && state.stats?.nodes[id] !== undefined)
  const walk = useWalkMark(id)
  const never = useNeverReached(id)
  const Icon = iconOf(node.type)
  const size = cardSize(outcomes)
  const name = words.nodeName(node)
  return (
    // biome-ignore lint/a11y/useSemanticElements: a card is no group of form fields
    <div
      id={cardElementId(id)}
      role="group"
      aria-label={`${words.typeName(node.type)}, ${name}`}
      className={classes.light}
      style={{
        width: size.width,
        height: size.height,
        ["--family" as string]: `var(--family-${familyOf(node.type)})`,
        ["--family-soft" as string]: `var(--family-${familyOf(node.type)}-soft)`,
      }}
      data-node={id}
      data-distant={distant || undefined}
      data-selected={selected || marked || undefined}
      data-found={found || undefined}
      data-severity={severity}
      data-walk={walk}
      data-never={never || undefined}
    >
      {!distant && (
        <>
          <Icon size={34} stroke={1.8} aria-hidden />
          <span>{name}</span>
        </>
      )}
      {isCounted && <LiveChip node={id} far outcomeName={outcome => words.outcomeName(node, outcome)} />}
      <HandlePlaces node={node} outcomes={outcomes} />
    </div>
  )
}

/**
 * React Flow measures where handles are when a card comes into the page, and does not again when the card changes
 * its face. So the light one has their places in it, or the edges would have no ends when somebody comes nearer.
 */
function HandlePlaces({ node, outcomes }: CardNode["data"]) {
  const { width, height } = cardSize(outcomes)
  const place = (x: number, y: number) => ({ left: x - lightBorder.left, top: y - lightBorder.top })
  return (
    <>
      {node.type !== "event-entry" && (
        <i className={`target ${classes.place}`} data-handlepos="top" style={place(width / 2, 0)} />
      )}
      {outcomes.map((outcome, index) => (
        <i
          key={outcome}
          className={`source ${classes.place}`}
          data-handleid={outcome}
          data-handlepos="bottom"
          style={place(outcomeX(node.type, outcomes, index), height)}
        />
      ))}
    </>
  )
}

const worstOf = (problems: readonly Problem[] | undefined): "error" | "warning" | undefined =>
  problems?.some(({ severity }) => severity === "error")
    ? "error"
    : problems?.some(({ severity }) => severity === "warning")
      ? "warning"
      : undefined

function FullCard({ id, data, selected }: NodeProps<CardNode>) {
  const { node, outcomes } = data
  const { t } = useTranslation("editor")
  const say = useSentence()
  const words = useNodeWords()
  const far = useCanvasState(state => state.detail !== "near")
  const distant = useCanvasState(state => state.detail === "distant")
  const shown = useSessionState(state => state.shownPath.includes(id))
  const found = useCanvasState(state => state.found.has(id))
  const active = useSessionState(state => state.active === id)
  const problems = useSessionState(state => state.problemsByNode.get(id))
  // Only whether there are counts: a tick draws chips, names and edges, never a whole card.
  const isCounted = useLiveState(state => state.stats?.nodes[id] !== undefined)
  const walk = useWalkMark(id)
  const never = useNeverReached(id)
  const refusal = useCanvasState(state => state.connecting?.refusals.get(id))
  const connecting = useCanvasState(state =>
    state.connecting ? (state.connecting.refusals.get(id) ? "no" : "yes") : undefined,
  )
  const sentence = useMemo(() => sayTemplates(say(describeNode(node))), [say, node])
  const Icon = iconOf(node.type)
  const size = cardSize(outcomes)
  const errors = problems?.filter(problem => problem.severity === "error").length ?? 0
  const warnings = problems?.filter(problem => problem.severity === "warning").length ?? 0
  const name = words.nodeName(node)
  return (
    // biome-ignore lint/a11y/useSemanticElements: a card is no group of form fields
    <div
      id={cardElementId(id)}
      role="group"
      aria-labelledby={`${cardElementId(id)}-name`}
      className={classes.card}
      style={{
        width: size.width,
        height: size.height,
        ["--family" as string]: `var(--family-${familyOf(node.type)})`,
        ["--family-soft" as string]: `var(--family-${familyOf(node.type)}-soft)`,
      }}
      data-node={id}
      data-far={far || undefined}
      data-selected={selected || undefined}
      data-active={active || undefined}
      data-severity={worstOf(problems)}
      data-shown={shown || undefined}
      data-found={found || undefined}
      data-connect={connecting}
      data-walk={walk}
      data-never={never || undefined}
    >
      <AccessibleName id={id} errors={errors} warnings={warnings} />
      {node.type !== "event-entry" && (
        <Handle type="target" position={Position.Top} className={classes.target ?? ""} />
      )}
      {!distant && (
        <div className={classes.head}>
          <span className={classes.icon} aria-hidden>
            <Icon size={far ? 34 : 18} stroke={1.8} />
          </span>
          <span className={classes.name}>{name}</span>
          {errors > 0 ? (
            <span className={classes.badge} data-severity="error" title={t("card.errors", { count: errors })}>
              <IconCircleX size={far ? 26 : 14} aria-hidden />
              {errors}
            </span>
          ) : warnings > 0 ? (
            <span
              className={classes.badge}
              data-severity="warning"
              title={t("card.warnings", { count: warnings })}
            >
              <IconAlertTriangle size={far ? 26 : 14} aria-hidden />
              {warnings}
            </span>
          ) : null}
        </div>
      )}
      {!far && (
        <div className={classes.sentence} title={sentence} data-short={isCounted || undefined}>
          {sentence}
        </div>
      )}
      {isCounted && !distant && (
        <LiveChip node={id} far={far} outcomeName={outcome => words.outcomeName(node, outcome)} />
      )}
      {refusal && <div className={classes.refusal}>{say(refusal)}</div>}
      <Outcomes id={id} outcomes={outcomes} far={far} type={node.type} />
    </div>
  )
}

/** Labels and handles of the outcomes along the bottom, and a "+" below each that is still open. */
function Outcomes(props: { id: string; outcomes: readonly string[]; far: boolean; type: string }) {
  const { id, outcomes, far, type } = props
  const { t } = useTranslation("editor")
  const words = useNodeWords()
  const session = useSession()
  const canvas = useCanvasStore()
  const connected = useSessionState(state =>
    outcomes.filter(outcome => graphOf(state.history.journey).out.get(id)?.has(outcome)).join("\n"),
  )
  const isFirstStep = useSessionState(
    state => type === "event-entry" && state.history.journey.nodes.length === 1,
  )
  const dropping = useCanvasState(({ dropEdge }) =>
    dropEdge?.startsWith(`${id}.`) ? dropEdge.slice(id.length + 1) : undefined,
  )
  const open = new Set(outcomes)
  for (const outcome of connected === "" ? [] : connected.split("\n")) open.delete(outcome)
  const node = session.journey().nodes.find(each => each.id === id)
  const nameOf = (outcome: string) => (node ? words.outcomeName(node, outcome) : outcome)
  const main = mainWay(type)
  const openPicker = (outcome: string, element: Element) => {
    const box = element.getBoundingClientRect()
    canvas.setState({
      picker: { x: box.left + box.width / 2, y: box.bottom, target: { kind: "after", from: id, outcome } },
    })
  }
  return (
    <>
      {outcomes.length > 1 && !far && (
        <div className={classes.outcomes}>
          {outcomes.every(
            outcome => outcome === main || (open.has(outcome) && fallsThrough(type, outcome)),
          ) ? (
            <span className={classes.outcome} data-falls>
              {t("card.fallsThroughShort", {
                outcomes: outcomes
                  .filter(outcome => outcome !== main)
                  .map(nameOf)
                  .join(", "),
                main: nameOf(main),
              })}
            </span>
          ) : (
            outcomes.map((outcome, index) => {
              const falls = open.has(outcome) && fallsThrough(type, outcome)
              return (
                <span
                  key={outcome}
                  className={classes.outcome}
                  style={{ order: slotOf(type, outcomes, index) }}
                  data-falls={falls || undefined}
                  title={falls ? t("card.fallsThrough", { outcome: nameOf(outcome) }) : nameOf(outcome)}
                >
                  {falls
                    ? t("card.fallsThroughShort", { outcomes: nameOf(outcome), main: nameOf(main) })
                    : nameOf(outcome)}
                </span>
              )
            })
          )}
        </div>
      )}
      {outcomes.map((outcome, index) => (
        <Handle
          key={outcome}
          id={outcome}
          type="source"
          position={Position.Bottom}
          className={classes.source ?? ""}
          style={{ left: outcomeX(type, outcomes, index) - cardBorder }}
          data-open={open.has(outcome) || undefined}
          data-falls={(open.has(outcome) && fallsThrough(type, outcome)) || undefined}
        />
      ))}
      {isFirstStep && open.has("next") ? (
        <button
          type="button"
          tabIndex={-1}
          className={`${classes.firstStep} nodrag nopan`}
          data-open-edge={`${id}.next`}
          data-drop={dropping === "next" || undefined}
          onClick={event => openPicker("next", event.currentTarget)}
        >
          <IconPlus size={16} aria-hidden />
          {t("card.addFirstStep")}
        </button>
      ) : (
        !far &&
        outcomes.map((outcome, index) =>
          open.has(outcome) ? (
            <button
              key={outcome}
              type="button"
              tabIndex={-1}
              className={`${classes.add} nodrag nopan`}
              data-open-edge={`${id}.${outcome}`}
              data-drop={dropping === outcome || undefined}
              data-falls={fallsThrough(type, outcome) || undefined}
              style={{ left: outcomeX(type, outcomes, index) - cardBorder }}
              aria-label={t("card.addAfter", { outcome: nameOf(outcome) })}
              onClick={event => openPicker(outcome, event.currentTarget)}
            >
              <IconPlus size={12} aria-hidden />
            </button>
          ) : null,
        )
      )}
    </>
  )
}

/** Type, name, place in the journey, problems and count: what a person hears instead of the picture. */
function AccessibleName({ id, errors, warnings }: { id: string; errors: number; warnings: number }) {
  const { t } = useTranslation("editor")
  const words = useNodeWords()
  const format = useFormat()
  const place = useSessionState(state => graphOf(state.history.journey).place.get(id) ?? 0)
  const total = useSessionState(state => state.history.journey.nodes.length)
  const node = useSessionState(state => graphOf(state.history.journey).nodes.get(id))
  const inside = useLiveState(state => state.stats?.nodes[id]?.inside)
  const parts = node && [
    words.typeName(node.type),
    ...(node.name === undefined ? [] : [node.name]),
    t("card.place", { place, total }),
    ...(errors > 0 ? [t("card.errors", { count: errors })] : []),
    ...(warnings > 0 ? [t("card.warnings", { count: warnings })] : []),
    ...(inside === undefined ? [] : [t("card.inside", { count: inside, shown: format.number(inside) })]),
  ]
  return (
    <span id={`${cardElementId(id)}-name`} hidden>
      {parts?.join(", ") ?? id}
    </span>
  )
}
