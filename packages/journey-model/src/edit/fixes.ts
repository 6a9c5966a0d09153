import type { Journey, JourneyNode } from "../journey/document.ts"
import { outcomesOf, readNode } from "../journey/node-config.ts"
import type { RandomSplitConfig } from "../node-types/random-split/random-split.ts"
import type { Json } from "../values/json.ts"
import { parsePointer, readPointer, writePointer } from "../values/pointer.ts"
import { type Problem, type Sentence, sentence } from "../values/problem.ts"
import type { EpochMs } from "../values/time.ts"
import { appendAfter, type Command, disconnect, insertOnEdge, replaceConfig } from "./commands.ts"

/** A safe way out of a problem: what its button says, and the edit. */
export type Fix = { label: Sentence; command: (at: EpochMs) => Command }

const timeLimit = "P30D"
const unsubscribeLine = `\n<p><a href="{{ links.unsubscribe }}">Unsubscribe</a></p>`

/**
 * The fix of a problem where there is a safe one: it removes the problem, and takes nothing from customers that
 * they have now. Undefined where a person has to decide.
 */
export function fixOf(journey: Journey, problem: Problem): Fix | undefined {
  const node = journey.nodes.find(candidate => candidate.id === problem.node)
  switch (problem.id) {
    case "cycle-without-wait":
      return waitInRound(journey, problem)
    case "outcome-unconnected":
      return node && problem.outcome !== undefined ? exitAfter(journey, node, problem.outcome) : undefined
    case "edge-to-missing":
    case "edge-from-missing":
    case "edge-outcome-unknown":
    case "edge-into-entry":
    case "edge-to-itself":
      return withoutEdge(journey, problem)
    case "wait-for-ever":
      return node && withConfig(journey, node, "time-limit", { timeout: timeLimit })
    case "since-node-missing":
      return node && withConfig(journey, node, "since-arrival", { since: "arrival" })
    case "unsubscribe-missing":
      return (
        node &&
        withConfig(journey, node, "add-unsubscribe", {
          html: `${String(node.config.html)}${unsubscribeLine}`,
        })
      )
    case "branch-never-true":
    case "branch-hidden":
      return node && withoutBranch(journey, node, problem)
    case "shares-sum":
      return node && evenShares(journey, node)
    case "event-mistyped":
    case "attribute-mistyped":
    case "property-mistyped":
      return node && meantName(journey, node, problem)
    default:
      return undefined
  }
}

/** Puts a delay into the connection that closes the round. */
function waitInRound(journey: Journey, { values }: Problem): Fix | undefined {
  const path = Array.isArray(values.path) ? values.path.map(String) : []
  const [to, from] = [path.at(-1), path.at(-2)]
  const edge = journey.edges.find(each => each.from === from && each.to === to)
  return (
    edge && {
      label: sentence("fix.insert-wait"),
      command: at => insertOnEdge(journey, edge, "delay", { at }),
    }
  )
}

function exitAfter(journey: Journey, node: JourneyNode, outcome: string): Fix | undefined {
  // At the entry an exit would only hide that nothing happens in this journey.
  if (readNode(node).known?.definition.family === "entry") return undefined
  return {
    label: sentence("fix.add-exit"),
    command: at => appendAfter(journey, node.id, outcome, "exit", { at }),
  }
}

function withoutEdge(journey: Journey, problem: Problem): Fix | undefined {
  const edge = journey.edges.find(each => each.from === problem.node && each.outcome === problem.outcome)
  return edge && { label: sentence("fix.disconnect"), command: at => disconnect(journey, edge, at) }
}

function withConfig(journey: Journey, node: JourneyNode, fix: string, parts: Record<string, unknown>): Fix {
  return {
    label: sentence(`fix.${fix}`),
    command: at => replaceConfig(journey, node.id, { ...node.config, ...parts }, { at }),
  }
}

/** Nobody takes the branch, so nobody misses it; what stood behind it is then without a way in, and says so. */
function withoutBranch(journey: Journey, node: JourneyNode, { values }: Problem): Fix | undefined {
  const { branches } = node.config
  if (!Array.isArray(branches) || branches.length < 2 || !outcomesOf(node).includes(String(values.branch)))
    return undefined
  return withConfig(journey, node, "remove-branch", {
    branches: branches.filter(branch => branch.id !== values.branch),
  })
}

/** Shares in ten-thousandths, so that they add up to one exactly; the first take what is left over. */
function evenShares(journey: Journey, node: JourneyNode): Fix | undefined {
  const { branches } = node.config as RandomSplitConfig
  const parts = 10_000
  const each = Math.floor(parts / branches.length)
  const over = parts - each * branches.length
  return withConfig(journey, node, "even-shares", {
    branches: branches.map((branch, index) => ({
      ...branch,
      share: (each + (index < over ? 1 : 0)) / parts,
    })),
  })
}

/** Writes the known name where the mistyped one stands; in a template, wherever it is read. */
function meantName(journey: Journey, node: JourneyNode, problem: Problem): Fix | undefined {
  const { values, at = "" } = problem
  const meant = String(values.meant)
  const label = sentence("fix.use-name", { meant })
  const config =
    node.type === "email"
      ? renamedInTemplates(node.config, problem)
      : renamedAt(node.config, at, values, meant)
  return config && { label, command: time => replaceConfig(journey, node.id, config, { at: time }) }
}

function renamedAt(
  config: Record<string, unknown>,
  at: string,
  { attribute, property, event }: Problem["values"],
  meant: string,
): Record<string, unknown> | undefined {
  const segments = parsePointer(at) ?? []
  const wrong = attribute ?? property ?? event
  if (wrong === undefined || readPointer(config as Json, segments) !== wrong) return undefined
  return writePointer(config as Json, segments, meant) as Record<string, unknown> | undefined
}

const templateFields = ["subject", "preheader", "html", "text"]

function renamedInTemplates(config: Record<string, unknown>, { id, values }: Problem) {
  const root = id === "attribute-mistyped" ? "profile." : "entry.properties."
  const wrong = root + String(values.attribute ?? values.property)
  const right = root + String(values.meant)
  const rename = (text: string): string =>
    text.replace(/\{[{%][\s\S]*?[%}]\}/g, tag =>
      tag.split(wrong).reduce((said, rest) => said + (/^[\w-]/.test(rest) ? wrong : right) + rest),
    )
  return Object.fromEntries(
    Object.entries(config).map(([name, value]) => [
      name,
      templateFields.includes(name) && typeof value === "string" ? rename(value) : value,
    ]),
  )
}
