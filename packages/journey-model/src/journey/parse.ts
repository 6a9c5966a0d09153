import * as z from "zod"
import { cleanJson, NotJson } from "../values/clean-json.ts"
import type { Json, JsonObject } from "../values/json.ts"
import { toPointer } from "../values/pointer.ts"
import { ok, type Problem, problem, type Result } from "../values/problem.ts"
import { safeParse } from "../values/safe-parse.ts"
import { canonicalJourney } from "./canonical.ts"
import type { Journey, JourneyNode } from "./document.ts"
import { readNode } from "./node-config.ts"
import { checkSettings, defaultSettings } from "./settings.ts"

const object = z.record(z.string(), z.unknown())

/** Only what makes it a journey document at all; everything finer is a problem of a document that is kept. */
const shape = z.object({
  format: z.literal(1),
  key: z.string().min(1).max(200),
  name: z.string().optional(),
  description: z.string().optional(),
  tags: z.array(z.string()).optional(),
  settings: z.looseObject({ reentry: object.optional() }).optional(),
  nodes: z.array(
    z.object({
      id: z.string().min(1).max(200),
      type: z.string().min(1).max(200),
      version: z.number().int().min(1).default(1),
      name: z.string().optional(),
      config: object.default({}),
    }),
  ),
  edges: z.array(z.object({ from: z.string(), outcome: z.string(), to: z.string() })).default([]),
  layout: z.record(z.string(), z.tuple([z.number(), z.number()])).optional(),
  notes: z.array(z.unknown()).optional(),
})

const refuse = (reason: string, at?: string): { ok: false; problems: Problem[] } => ({
  ok: false,
  problems: [problem("not-a-journey", at === undefined ? {} : { at }, { reason })],
})

const isObject = (value: Json): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/**
 * Reads an unknown value as a journey. Not ok only when it is no journey document at all. Otherwise the
 * document comes back whole and canonical: nodes of unknown types and configurations that cannot be read are
 * kept as they are, and stand in `problems` with their node's id. The full list is `checkJourney`'s.
 */
export function parseJourney(input: unknown): Result<Journey> {
  let json: Json
  try {
    json = cleanJson(input)
  } catch (cause) {
    if (cause instanceof NotJson) return refuse(cause.message)
    throw cause
  }
  if (!isObject(json)) return refuse("it is not an object")
  const { format } = json
  if (format !== 1 && format !== undefined) {
    return { ok: false, problems: [problem("format-unsupported", { at: "/format" }, { format })] }
  }
  const parsed = safeParse(shape, json)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    return refuse(issue?.message ?? "it has another shape", toPointer(issue?.path ?? []))
  }
  const { name, description, tags, settings, layout, notes, nodes, ...rest } = parsed.data
  const journey = canonicalJourney({
    ...rest,
    name: name ?? rest.key,
    ...(description === undefined ? {} : { description }),
    ...(tags === undefined ? {} : { tags }),
    settings: { ...defaultSettings, ...settings } as Journey["settings"],
    nodes: nodes as JourneyNode[],
    ...(layout === undefined ? {} : { layout }),
    ...(notes === undefined ? {} : { notes }),
  })
  return ok(journey, problemsOfReading(journey))
}

/** What could not be read: settings, unknown node types, configurations of another shape. */
export function problemsOfReading(journey: Journey): Problem[] {
  const unread = journey.nodes.flatMap(node =>
    readNode(node).problems.map((found): Problem => ({ ...found, node: node.id })),
  )
  return [...checkSettings(journey.settings), ...unread]
}

/** {@link parseJourney} for the text form. */
export function parseJourneyText(text: string): Result<Journey> {
  let input: unknown
  try {
    input = JSON.parse(text)
  } catch {
    return refuse("it is not JSON")
  }
  return parseJourney(input)
}
