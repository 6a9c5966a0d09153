import * as z from "zod"
import type { Journey, JourneyEdge, JourneyNode } from "../journey/document.ts"
import { canonicalConfig } from "../journey/node-config.ts"
import { nodeTypeOf } from "../node-types/registry.ts"
import { cleanJson } from "../values/clean-json.ts"
import { sentence } from "../values/problem.ts"
import type { EpochMs } from "../values/time.ts"
import { type Command, changed, nextNodeId, refused } from "./commands.ts"
import { positionsOf } from "./layout.ts"
import type { Operation, Position } from "./operations.ts"

/**
 * A piece of a journey, as it travels through the clipboard in the text form of the document. `key`: the journey
 * that it comes from.
 */
export type Fragment = {
  key?: string
  nodes: JourneyNode[]
  edges: JourneyEdge[]
  layout: { [id: string]: Position }
}

/** Nodes with the connections among them and where they stand. */
export function copyNodes(journey: Journey, ids: readonly string[]): Fragment {
  const wanted = new Set(ids)
  const positions = positionsOf(journey)
  const nodes = journey.nodes.filter(node => wanted.has(node.id))
  return {
    key: journey.key,
    nodes,
    edges: journey.edges.filter(edge => wanted.has(edge.from) && wanted.has(edge.to)),
    layout: Object.fromEntries(nodes.map(({ id }) => [id, positions[id] ?? [0, 0]])),
  }
}

/** The text that a piece is in the clipboard: JSON as in a journey's file. */
export function printFragment(piece: Fragment): string {
  return `${JSON.stringify({ format: 1, ...piece }, null, 2)}\n`
}

const fragment = z.object({
  key: z.string().exactOptional(),
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
 * Puts a piece into a journey under new ids, moved by `offset`. Looking back to a node that came along follows it
 * to its new id; to one that stayed in another journey, it looks for `missing-<id>`, which the check names as an
 * error, and never for a node that happens to have the same id here. Connections to nodes outside the piece are
 * not part of it, nor is an entry where the journey has one: what followed it is connected to the one here, if
 * nothing is yet.
 */
export function pasteNodes(
  journey: Journey,
  piece: Fragment,
  options: { at: EpochMs; offset?: Position; duplicate?: true },
): Command {
  const entry = journey.nodes.find(isEntry)
  const pastedNodes = entry ? piece.nodes.filter(node => !isEntry(node)) : piece.nodes
  if (pastedNodes.length === 0)
    return refused(sentence(piece.nodes.length > 0 ? "edit.entry-stays" : "edit.nothing"))
  const taken: { id: string }[] = [...journey.nodes]
  const newIds = new Map<string, string>()
  for (const node of pastedNodes) {
    const id = nextNodeId(taken, node.type)
    taken.push({ id })
    newIds.set(node.id, id)
  }
  const created = [...newIds.values()]
  const isOwn = piece.key === undefined || piece.key === journey.key
  const stays = (id: string): boolean => isOwn && journey.nodes.some(node => node.id === id)
  const [dx, dy] = options.offset ?? [40, 40]
  const operations = pastedNodes.map((node, index): Operation => {
    const id = newIds.get(node.id) ?? node.id
    const position = piece.layout[node.id]
    return {
      op: "addNode",
      node: {
        ...node,
        id,
        config: canonicalConfig({ ...node, config: followed(node.config, newIds, stays) }),
      },
      at: journey.nodes.length + index,
      ...(position ? { position: [position[0] + dx, position[1] + dy] as Position } : {}),
    }
  })
  const isOpen = (id: string, outcome: string) =>
    !journey.edges.some(edge => edge.from === id && edge.outcome === outcome)
  if (entry)
    for (const node of piece.nodes)
      if (isEntry(node) && isOpen(entry.id, "next")) newIds.set(node.id, entry.id)
  let at = journey.edges.length
  for (const { from, outcome, to } of piece.edges) {
    const newFrom = newIds.get(from)
    const newTo = newIds.get(to)
    if (newFrom === undefined || newTo === undefined) continue
    operations.push({ op: "addEdge", edge: { from: newFrom, outcome, to: newTo }, at: at++ })
  }
  const label = sentence(options.duplicate ? "change.duplicate" : "change.paste", {
    count: pastedNodes.length,
  })
  return changed(label, operations, options.at, { created })
}

const isEntry = ({ type }: JourneyNode): boolean => nodeTypeOf(type)?.family === "entry"

const followed = (
  config: Record<string, unknown>,
  newIds: ReadonlyMap<string, string>,
  stays: (id: string) => boolean,
) => {
  const { since } = config
  if (typeof since !== "object" || since === null || !("node" in since)) return config
  if (typeof since.node !== "string") return config
  const node =
    newIds.get(since.node) ?? (stays(since.node) ? since.node : `missing-${since.node}`.slice(0, 63))
  return { ...config, since: { node } }
}
