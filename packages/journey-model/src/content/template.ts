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

const requiredOf = (piece: Piece): string[] | undefined => {
  if (piece.token.kind !== outputToken || !piece.value) return undefined
  const { initial, filters } = piece.value
  const [only] = initial.postfix as readonly PropertyAccess[]
  if (initial.postfix.length !== 1 || !only?.props) return undefined
  if (filters.some(filter => filter.name === "default")) return undefined
  const segments = only.props.map((prop): string | SegmentArray =>
    typeof prop.content === "string" ? prop.content : [],
  )
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

/** Renders with the values that were frozen when the message was decided. */
export function renderTemplate(template: Template, values: object): string {
  return String(engines()[template.kind].renderSync(template.pieces, values))
}
