import {
  type Condition,
  describeCondition,
  describeNode,
  describeWhere,
  type Json,
  type NodeDiff,
  type Sentence,
  type ValueChange,
  type Where,
} from "@viaggio/journey-model"

/** One text that changed, to be shown word by word. `branch`: the one that it belongs to. */
export type TextChange = { field: string; branch?: string; before: string; after: string }

type Changed = Extract<NodeDiff, { kind: "changed" }>
type Say = (sentence: Sentence) => string

/**
 * What changed in a step as texts: its sentence, its messages whole, its conditions as sentences, everything else
 * as it is written. `say` puts sentences of the model into words.
 */
export function textChangesOf({ before, after, values }: Changed, say: Say): TextChange[] {
  const changes: TextChange[] = []
  const add = (change: TextChange) => {
    const isKnown = changes.some(({ field, branch }) => field === change.field && branch === change.branch)
    if (!isKnown && change.before !== change.after) changes.push(change)
  }
  add({ field: "sentence", before: say(describeNode(before)), after: say(describeNode(after)) })
  for (const value of values) {
    const [part = "", field = "", branch, inner] = value.at.split("/").slice(1)
    if (part !== "config") add({ field: part, ...texts(value) })
    else if (field === "branches" && branch !== undefined)
      add(branchChange(branchOf(before.config, branch), branchOf(after.config, branch), inner, value, say))
    else if (field === "where")
      add({ field, before: sayWhere(before.config[field], say), after: sayWhere(after.config[field], say) })
    else if (field === "audience")
      add({ field, before: sayWhen(before.config[field], say), after: sayWhen(after.config[field], say) })
    else add({ field, ...texts(value) })
  }
  return changes
}

type Branch = { id: string } & { [name: string]: unknown }

function branchChange(
  was: Branch | undefined,
  is: Branch | undefined,
  inner: string | undefined,
  value: ValueChange,
  say: Say,
): TextChange {
  const named = { branch: String(is?.name ?? was?.name ?? is?.id ?? was?.id) }
  switch (inner) {
    case undefined:
      return { field: "branches", ...named, before: sayBranch(was, say), after: sayBranch(is, say) }
    case "when":
      return { field: inner, ...named, before: sayWhen(was?.when, say), after: sayWhen(is?.when, say) }
    case "where":
      return { field: inner, ...named, before: sayWhere(was?.where, say), after: sayWhere(is?.where, say) }
    default:
      return { field: inner, ...named, ...texts(value) }
  }
}

const branchOf = (config: Record<string, unknown>, id: string): Branch | undefined =>
  (Array.isArray(config.branches) ? (config.branches as Branch[]) : []).find(branch => branch.id === id)

/** A whole branch that came or went, in one line. */
const sayBranch = (branch: Branch | undefined, say: Say): string =>
  branch
    ? [branch.name ?? branch.id, branch.event, sayWhen(branch.when, say), sayWhere(branch.where, say)]
        .filter(text => text !== undefined && text !== "")
        .join(": ")
    : ""

const sayWhen = (condition: unknown, say: Say): string =>
  condition === undefined ? "" : say(describeCondition(condition as Condition))

const sayWhere = (where: unknown, say: Say): string =>
  where === undefined ? "" : say(describeWhere(where as Where))

const texts = ({ before, after }: ValueChange) => ({ before: textOf(before), after: textOf(after) })

const textOf = (value: Json | undefined): string =>
  value === undefined ? "" : typeof value === "string" ? value : JSON.stringify(value)
