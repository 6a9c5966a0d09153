import type { Journey } from "@viaggio/journey-model"
import { cardBox } from "../graph/card-boxes.ts"
import { outcomeX } from "../graph/card-geometry.ts"
import { edgeId, graphOf } from "../graph/graph-index.ts"
import { laneOf } from "./edge-lane.ts"

// Runs that touch in one point only, and straight ones, share a height without harm.
const least = 2
const between = 10
const most = 16

type Run = { outcome: string; x: number; to: number }

const cache = new WeakMap<Journey, Map<string, ReadonlyMap<string, number>>>()

/**
 * How far above (negative) or below the usual height an edge runs across, so that two ways out of one card that pass
 * each other do not lie on one another. Zero wherever nothing passes. Found once for each document value.
 */
export function levelOf(journey: Journey, from: string, outcome: string): number {
  const levels = cache.get(journey) ?? new Map<string, ReadonlyMap<string, number>>()
  cache.set(journey, levels)
  let own = levels.get(from)
  if (!own) {
    own = findLevels(runsOf(journey, from))
    levels.set(from, own)
  }
  return own.get(outcome) ?? 0
}

/** The runs across below a card, from the left end of its ways out to the right one. */
function runsOf(journey: Journey, from: string): Run[] {
  const { nodes, out, outcomes, back } = graphOf(journey)
  const source = cardBox(journey, from)
  const own = outcomes.get(from) ?? []
  return [...(out.get(from) ?? [])]
    .filter(([outcome, to]) => nodes.has(to) && !back.has(edgeId(from, outcome)))
    .map(([outcome, to]) => {
      const target = cardBox(journey, to)
      return {
        outcome,
        x: source.x + outcomeX(nodes.get(from)?.type ?? "", own, own.indexOf(outcome)),
        to: laneOf(journey, from, outcome, to) ?? target.x + target.width / 2,
      }
    })
    .filter(({ x, to }) => Math.abs(to - x) >= least)
    .sort((a, b) => a.x - b.x)
}

/**
 * Who goes left stays above who goes right; of those of one side the outer one stays above, and so meets the inner one
 * nowhere.
 */
export function findLevels(runs: readonly Run[]): Map<string, number> {
  const ordered = [...runs.filter(run => run.to < run.x), ...runs.filter(run => run.to > run.x).reverse()]
  const level = new Map<string, number>()
  for (const [index, run] of ordered.entries()) {
    const above = ordered.slice(0, index).filter(other => passes(other, run))
    level.set(run.outcome, Math.max(-1, ...above.map(other => level.get(other.outcome) ?? 0)) + 1)
  }
  const deepest = Math.max(0, ...level.values())
  const step = deepest === 0 ? 0 : Math.min(between, (2 * most) / deepest)
  return new Map([...level].map(([outcome, at]) => [outcome, (at - deepest / 2) * step]))
}

const passes = (a: Run, b: Run): boolean =>
  Math.min(Math.max(a.x, a.to), Math.max(b.x, b.to)) - Math.max(Math.min(a.x, a.to), Math.min(b.x, b.to)) >=
  least
