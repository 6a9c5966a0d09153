import { sha256Hex } from "../values/hash.ts"
import type { Journey, JourneyEdge, JourneyNode } from "./document.ts"
import { canonicalConfig } from "./node-config.ts"
import { canonicalSettings } from "./settings.ts"

const canonicalNode = (node: JourneyNode, withName: boolean): JourneyNode => ({
  id: node.id,
  type: node.type,
  version: node.version,
  ...(withName && node.name ? { name: node.name } : {}),
  config: canonicalConfig(node),
})

const canonicalEdge = ({ from, outcome, to }: JourneyEdge): JourneyEdge => ({ from, outcome, to })

/** Positions in the order of the nodes, whole numbers; positions of nodes that are gone are dropped. */
const canonicalLayout = ({ layout, nodes }: Journey): Pick<Journey, "layout"> => {
  if (!layout) return {}
  const placed = nodes.flatMap(({ id }) => {
    const position = Object.hasOwn(layout, id) ? layout[id] : undefined
    return position ? [[id, [wholeNumber(position[0]), wholeNumber(position[1])]] as const] : []
  })
  return placed.length === 0 ? {} : { layout: Object.fromEntries(placed) as Record<string, [number, number]> }
}

/** −0 becomes 0, so that what is printed reads back as the same value. */
export const wholeNumber = (value: number): number => Math.round(value) + 0

/**
 * The same journey with keys in the order of the document type, defaults filled, and empty parts absent. An
 * edit keeps a journey canonical; this is for what comes from outside.
 */
export function canonicalJourney(journey: Journey): Journey {
  return {
    format: 1,
    key: journey.key,
    name: journey.name,
    ...(journey.description ? { description: journey.description } : {}),
    ...(journey.tags && journey.tags.length > 0 ? { tags: journey.tags } : {}),
    settings: canonicalSettings(journey.settings),
    nodes: journey.nodes.map(node => canonicalNode(node, true)),
    edges: journey.edges.map(canonicalEdge),
    ...canonicalLayout(journey),
    ...(journey.notes && journey.notes.length > 0 ? { notes: journey.notes } : {}),
  }
}

const toText = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`

/** The text form: JSON, two spaces, one final newline, keys in order. `print(parse(print(j))) = print(j)`. */
export function printJourney(journey: Journey): string {
  return toText(canonicalJourney(journey))
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/**
 * SHA-256 of what the journey means: format, settings, nodes by id without names, edges by (from, outcome).
 * Layout, notes, names, tags and the order of nodes and edges change nothing.
 */
export function contentHash(journey: Journey): string {
  const meaning = {
    format: 1,
    settings: canonicalSettings(journey.settings),
    nodes: journey.nodes.map(node => canonicalNode(node, false)).sort((a, b) => byText(a.id, b.id)),
    edges: journey.edges
      .map(canonicalEdge)
      .sort((a, b) => byText(a.from, b.from) || byText(a.outcome, b.outcome)),
  }
  return sha256Hex(toText(meaning))
}
