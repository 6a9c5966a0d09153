import * as z from "zod"
import type { Journey, JourneyEdge, JourneyNode } from "../journey/document.ts"
import { canonicalConfig } from "../journey/node-config.ts"
import { cleanJson } from "../values/clean-json.ts"
import { sentence } from "../values/problem.ts"
import type { EpochMs } from "../values/time.ts"
import { type Command, changed, nextNodeId, refused } from "./commands.ts"
import { positionsOf } from "./layout.ts"
import type { Operation, Position } from "./operations.ts"

/** A piece of a journey, as it travels through the clipboard in the text form of the document. */
export type Fragment = { nodes: JourneyNode[]; edges: JourneyEdge[]; layout: { [id: string]: Position } }

/** Nodes with the connections among them and where they stand. */
export function copyNodes(journey: Journey, ids: readonly string[]): Fragment {
  const wanted = new Set(ids)
  const positions = positionsOf(journey)
  const nodes = journey.nodes.filter(node => wanted.has(node.id))
  return {
    nodes,
    edges: journey.edges.filter(edge => wanted.has(edge.from) && wanted.has(edge.to)),
    layout: Object.fromEntries(nodes.map(({ id }) => [id, positions[id] ?? [0, 0]])),
  }
}

const fragment = z.object({
  nodes: z.array(
    z.object({
      id: z.string(),
      type: z.string(),
      version: z.number().int(),
      name: z.string().exactOptional(),
      config: z.record(z.string(), z.unknown()),
    }),
  ),
  edges: z.array(z.object({ from: z.string(), outcome: z.string(), to: z.string() })).default([]),
  layout: z.record(z.string(), z.tuple([z.number(), z.number()])).default({}),
})

/** Reads clipboard text as a piece of a journey, or a whole one; undefined when it is neither. */
export function parseFragment(text: string): Fragment | undefined {
  try {
    const parsed = fragment.safeParse(cleanJson(JSON.parse(text)))
    return parsed.success ? parsed.data : undefined
  } catch {
    return undefined
  }
}

/**
 * Puts a piece into a journey under new ids, moved by `offset`. Looking back to a node that came along follows
 * it to its new id; connections to nodes outside the piece are not part of it.
 */
export function pasteNodes(
  journey: Journey,
  piece: Fragment,
  options: { at: EpochMs; offset?: Position },
): Command {
  if (piece.nodes.length === 0) return refused(sentence("edit.nothing"))
  const taken: { id: string }[] = [...journey.nodes]
  const newIds = new Map<string, string>()
  for (const node of piece.nodes) {
    const id = nextNodeId(taken, node.type)
    taken.push({ id })
    newIds.set(node.id, id)
  }
  const [dx, dy] = options.offset ?? [40, 40]
  const operations = piece.nodes.map((node, index): Operation => {
    const id = newIds.get(node.id) ?? node.id
    const position = piece.layout[node.id]
    return {
      op: "addNode",
      node: { ...node, id, config: canonicalConfig({ ...node, config: followed(node.config, newIds) }) },
      at: journey.nodes.length + index,
      ...(position ? { position: [position[0] + dx, position[1] + dy] as Position } : {}),
    }
  })
  let at = journey.edges.length
  for (const { from, outcome, to } of piece.edges) {
    const newFrom = newIds.get(from)
    const newTo = newIds.get(to)
    if (newFrom === undefined || newTo === undefined) continue
    operations.push({ op: "addEdge", edge: { from: newFrom, outcome, to: newTo }, at: at++ })
  }
  const label = sentence("change.paste", { count: piece.nodes.length })
  return changed(label, operations, options.at, { created: [...newIds.values()] })
}

const followed = (config: Record<string, unknown>, newIds: ReadonlyMap<string, string>) => {
  const { since } = config
  if (typeof since !== "object" || since === null || !("node" in since)) return config
  const node = typeof since.node === "string" ? newIds.get(since.node) : undefined
  return node === undefined ? config : { ...config, since: { node } }
}
