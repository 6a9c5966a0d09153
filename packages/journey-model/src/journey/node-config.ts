import type { NodeTypeDefinition } from "../node-types/definition.ts"
import { type NodeType, nodeTypeOf } from "../node-types/registry.ts"
import { toPointer } from "../values/pointer.ts"
import { type Problem, problem, type Sentence, sentence } from "../values/problem.ts"
import { safeParse } from "../values/safe-parse.ts"
import type { JourneyNode } from "./document.ts"

/** A node as the model understands it: with its definition and a configuration that its schema took. */
export type KnownNode = { definition: NodeTypeDefinition<NodeType>; config: unknown }

type Reading = { known: KnownNode; problems: [] } | { known?: never; problems: Omit<Problem, "node">[] }

type Named = Pick<JourneyNode, "type" | "version" | "config">

/** Configurations are never changed in place, so one reading per object serves canvas, check and compile. */
const readings = new WeakMap<object, { type: string; version: number; reading: Reading }>()

const read = ({ type, version, config }: Named): Reading => {
  const definition = nodeTypeOf(type)
  if (!definition || definition.version !== version) {
    return { problems: [problem("node-unsupported", {}, { type, version })] }
  }
  const parsed = safeParse(definition.schema, config)
  if (parsed.success) return { known: { definition, config: parsed.data }, problems: [] }
  const problems = parsed.error.issues.map(issue =>
    problem("config-invalid", { at: toPointer(issue.path) }, { message: issue.message }),
  )
  return { problems }
}

/** Reads a node's configuration by its type's schema; what cannot be read has problems instead. */
export function readNode(node: Named): Reading {
  const present = readings.get(node.config)
  if (present && present.type === node.type && present.version === node.version) return present.reading
  const reading = read(node)
  readings.set(node.config, { type: node.type, version: node.version, reading })
  return reading
}

/** The configuration with defaults and keys in order; one that cannot be read, or is not known, as it is. */
export function canonicalConfig(node: Named): Record<string, unknown> {
  const { known } = readNode(node)
  return known ? (known.config as Record<string, unknown>) : node.config
}

const branchIds = (config: Record<string, unknown>): string[] => {
  if (!Array.isArray(config.branches)) return []
  return config.branches
    .map((branch: unknown) =>
      typeof branch === "object" && branch !== null && "id" in branch ? branch.id : undefined,
    )
    .filter(id => typeof id === "string")
}

/**
 * The named ways out of a node, in the order of the canvas. While a configuration cannot be read, its branches
 * still count, so that a slip of the pen cuts no connection; an unsupported node has none that are known.
 */
export function outcomesOf(node: Named): readonly string[] {
  const { known } = readNode(node)
  if (known) return known.definition.outcomes(known.config)
  const definition = nodeTypeOf(node.type)
  if (!definition) return []
  const defaults = definition.defaults() as Record<string, unknown>
  const ordinary = definition.outcomes({
    ...defaults,
    ...(Array.isArray(defaults.branches) ? { branches: [] } : {}),
  })
  return [...branchIds(node.config), ...ordinary]
}

/** Whether every way out of the node is known, so that an unknown one is an error. */
export function knowsOutcomes(node: Named): boolean {
  return nodeTypeOf(node.type) !== undefined
}

/** One plain sentence about what the node does. */
export function describeNode(node: Named): Sentence {
  const { known } = readNode(node)
  if (known) return known.definition.describe(known.config)
  return nodeTypeOf(node.type) ? sentence("node.invalid") : sentence("node.unsupported", { type: node.type })
}
