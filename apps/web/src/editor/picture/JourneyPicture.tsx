import type { Journey, JourneyEdge, JourneyNode } from "@viaggio/journey-model"
import { familyOf, iconOf } from "../../node-types/registry.ts"
import { edgeRoute, movingRoute } from "../canvas/edge-route.ts"
import { cardBox } from "../graph/card-boxes.ts"
import { fallsThrough, outcomeX, slotOf } from "../graph/card-geometry.ts"
import { edgeId, graphOf } from "../graph/graph-index.ts"
import type { PictureWords } from "./picture-words.ts"
import { wrapText } from "./wrap-text.ts"

/** How a part of a picture is marked: what a publish would bring, take away or change. */
export type Mark = "added" | "removed" | "changed"

export type PictureProps = {
  journey: Journey
  words: PictureWords
  /** A colour by the name of its variable; a file has no variables, so there it is the value. */
  colour?: (variable: string) => string
  marks?: ReadonlyMap<string, Mark>
  /** By the canvas id of the edge. */
  edgeMarks?: ReadonlyMap<string, Mark>
  /** Connections that are gone and whose way out leads elsewhere now. */
  formerEdges?: readonly JourneyEdge[]
  /** A word in the corner of a card, such as how many are inside. */
  noteOf?: (id: string) => string | undefined
  label: string
  className?: string | undefined
}

const margin = 40
const markColours: { [M in Mark]: string } = {
  added: "--success",
  removed: "--danger",
  changed: "--warning",
}
const fontFamily = "'Inter Variable', Inter, system-ui, sans-serif"

/** A still picture of a journey: the same cards and connections as on the canvas, nothing to press. */
export function JourneyPicture(props: PictureProps) {
  const { journey, words, edgeMarks, formerEdges = [], className } = props
  const colour = props.colour ?? (variable => `var(${variable})`)
  const { nodes } = graphOf(journey)
  const { x, y, width, height } = pictureBox(journey)
  const drawn = (edge: JourneyEdge) => nodes.has(edge.from) && nodes.has(edge.to)
  const arrow = (colourName: string) => `arrow${colourName}`
  const lineColours = ["--line-strong", ...Object.values(markColours)]
  const line = (edge: JourneyEdge, path: string, mark: Mark | undefined, key: string) => (
    <path
      key={key}
      d={path}
      fill="none"
      stroke={colour(mark ? markColours[mark] : "--line-strong")}
      strokeWidth={mark ? 2.5 : 1.5}
      markerEnd={`url(#${arrow(mark ? markColours[mark] : "--line-strong")})`}
      strokeDasharray={
        mark === "removed" || graphOf(journey).back.has(edgeId(edge.from, edge.outcome)) ? "6 5" : undefined
      }
    />
  )
  return (
    <svg
      xmlns="http://www.w3.org/2000/svg"
      viewBox={`${x} ${y} ${width} ${height}`}
      width={width}
      height={height}
      role="img"
      aria-label={props.label}
      className={className}
      fontFamily={fontFamily}
    >
      <defs>
        {lineColours.map(name => (
          <marker
            key={name}
            id={arrow(name)}
            viewBox="0 0 10 10"
            refX={9}
            refY={5}
            markerUnits="userSpaceOnUse"
            markerWidth={11}
            markerHeight={11}
            orient="auto-start-reverse"
          >
            <path d="M 0 1 L 9 5 L 0 9 z" fill={colour(name)} />
          </marker>
        ))}
      </defs>
      <rect x={x} y={y} width={width} height={height} fill={colour("--surface-sunken")} />
      {formerEdges
        .filter(drawn)
        .map(edge =>
          line(
            edge,
            movingRoute(journey, edge, new Map())[0],
            "removed",
            `former ${edge.from} ${edge.outcome}`,
          ),
        )}
      {journey.edges.filter(drawn).map(edge => {
        const id = edgeId(edge.from, edge.outcome)
        return line(edge, edgeRoute(journey, edge)[0], edgeMarks?.get(id), id)
      })}
      {journey.nodes.map(node => (
        <Card
          key={node.id}
          node={node}
          journey={journey}
          words={words}
          colour={colour}
          mark={props.marks?.get(node.id)}
          note={props.noteOf?.(node.id)}
        />
      ))}
    </svg>
  )
}

/** The part of the plane that a picture of the journey shows. */
export function pictureBox(journey: Journey): { x: number; y: number; width: number; height: number } {
  const boxes = journey.nodes.map(({ id }) => cardBox(journey, id))
  if (boxes.length === 0) return { x: 0, y: 0, width: 2 * margin, height: 2 * margin }
  const x = Math.min(...boxes.map(box => box.x)) - margin
  const y = Math.min(...boxes.map(box => box.y)) - margin
  return {
    x,
    y,
    width: Math.max(...boxes.map(box => box.x + box.width)) + margin - x,
    height: Math.max(...boxes.map(box => box.y + box.height)) + margin - y,
  }
}

function Card(props: {
  node: JourneyNode
  journey: Journey
  words: PictureWords
  colour: (variable: string) => string
  mark: Mark | undefined
  note: string | undefined
}) {
  const { node, journey, words, colour, mark, note } = props
  const { x, y, width, height } = cardBox(journey, node.id)
  const graph = graphOf(journey)
  const outcomes = graph.outcomes.get(node.id) ?? []
  const said = outcomes.filter(
    outcome => graph.out.get(node.id)?.has(outcome) || !fallsThrough(node.type, outcome),
  )
  const Icon = iconOf(node.type)
  const family = colour(`--family-${familyOf(node.type)}`)
  const isGone = mark === "removed"
  return (
    <g transform={`translate(${x} ${y})`} data-picture-node={node.id} data-mark={mark}>
      <rect
        width={width}
        height={height}
        rx={8}
        fill={colour(mark ? `${markColours[mark]}-soft` : "--surface-raised")}
        stroke={colour(mark ? markColours[mark] : "--line")}
        strokeWidth={mark ? 2.5 : 1}
        strokeDasharray={isGone ? "6 5" : undefined}
      />
      <rect x={1} y={6} width={4} height={height - 12} rx={2} fill={family} />
      <Icon x={14} y={9} width={20} height={20} stroke={1.8} color={family} />
      <text
        x={42}
        y={24}
        fontSize={13}
        fontWeight={600}
        fill={colour("--ink")}
        textDecoration={isGone ? "line-through" : undefined}
      >
        {wrapText(words.name(node), note === undefined ? 24 : 18, 1)[0]}
      </text>
      {note !== undefined && (
        <text x={width - 10} y={24} fontSize={12} fontWeight={600} textAnchor="end" fill={colour("--accent")}>
          {note}
        </text>
      )}
      {wrapText(words.sentence(node), Math.floor((width - 24) / 5.9), 2).map((text, index) => (
        <text key={text} x={14} y={46 + 16 * index} fontSize={12} fill={colour("--ink-soft")}>
          {text}
        </text>
      ))}
      {said.length > 1 &&
        outcomes.map((outcome, index) => {
          if (!said.includes(outcome)) return null
          return (
            <text
              key={outcome}
              x={outcomeX(node.type, outcomes, index)}
              y={height - 9}
              fontSize={10.5}
              textAnchor="middle"
              fill={colour("--ink-soft")}
              data-slot={slotOf(node.type, outcomes, index)}
            >
              {wrapText(words.outcome(node, outcome), Math.floor(width / outcomes.length / 5.4), 1)[0]}
            </text>
          )
        })}
    </g>
  )
}
