import { engines } from "./engine.ts"
import type { Piece, SegmentArray } from "./liquidjs.js"

/** How a template's output is written: escaped in HTML, as it is in subject, preheader and text. */
export type TemplateKind = "html" | "text"

/**
 * A template that was read. `reads`: the value paths that it may look at, each as segments from the root, cut
 * where a segment is computed. `required`: those that stand plain, outside every tag and without `default`.
 */
export type Template = {
  kind: TemplateKind
  pieces: Piece[]
  reads: string[][]
  required: string[][]
}

/** Of liquidjs: the kind of a token `{{ … }}`. */
const outputToken = 8

type PropertyAccess = { props?: readonly { content?: unknown }[]; variable?: unknown }

/** The segments up to the first that is not a plain name: `profile[entry.key].z` reads all of `profile`. */
const plainPath = (segments: readonly (string | number | SegmentArray)[]): string[] => {
  const path: string[] = []
  for (const segment of segments) {
    if (typeof segment !== "string") break
    path.push(segment)
  }
  return path
}

/** The paths of an output's expression, where it is one plain path and nothing else. */
const plainSegments = (piece: Piece): (string | SegmentArray)[] | undefined => {
  if (piece.token.kind !== outputToken || !piece.value) return undefined
  const [only, ...more] = piece.value.initial.postfix as readonly PropertyAccess[]
  if (more.length > 0 || !only?.props) return undefined
  return only.props.map((prop): string | SegmentArray =>
    typeof prop.content === "string" ? prop.content : [],
  )
}

const requiredOf = (piece: Piece): string[] | undefined => {
  const segments = plainSegments(piece)
  if (!segments || piece.value?.filters.some(filter => filter.name === "default")) return undefined
  return plainPath(segments)
}

const uniquePaths = (paths: string[][]): string[][] => {
  const seen = new Map(paths.map(path => [JSON.stringify(path), path]))
  return [...seen.values()]
}

/** Reads a template once; text that is no Liquid, or uses what templates may not, throws with the place. */
export function parseTemplate(text: string, kind: TemplateKind): Template {
  const engine = engines()[kind]
  const pieces = engine.parse(text)
  const reads = uniquePaths(engine.globalVariableSegmentsSync(pieces).map(plainPath))
  const known = new Set(reads.map(path => JSON.stringify(path)))
  const required = pieces.map(requiredOf).filter(path => path !== undefined)
  return {
    kind,
    pieces,
    reads,
    // A name that the template assigns itself is no value of the customer.
    required: uniquePaths(required.filter(path => path.length > 0 && known.has(JSON.stringify(path)))),
  }
}

/** The path of a template that is one `{{ path }}` alone, without text around it and without filters. */
export function lonePath({ pieces, reads }: Template): string[] | undefined {
  const [only, ...more] = pieces
  if (!only || more.length > 0 || (only.value?.filters.length ?? 0) > 0) return undefined
  const segments = plainSegments(only)
  const path = segments && plainPath(segments)
  return path && path.length === segments.length && reads.length === 1 ? path : undefined
}

/** Renders with the values that were frozen when the message was decided. */
export function renderTemplate(template: Template, values: object): string {
  return String(engines()[template.kind].renderSync(template.pieces, values))
}
