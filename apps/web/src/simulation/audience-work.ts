import {
  AudienceCounts,
  type AudienceMember,
  type AudienceShape,
  type AudienceSpec,
  audienceShape,
  type EpochMs,
  membersAt,
  prepareAudience,
  runAudience,
} from "@viaggio/journey-model"

/** What a worker is asked: to run customers of an audience, or to find those who are behind a number. */
export type AudienceAsk = { id: number; spec: AudienceSpec } & (
  | { kind: "run"; from: number; to: number }
  | { kind: "members"; node: string; before: EpochMs; most: number; been: boolean }
)

/** What it tells: how many more it has run, the counts of its part, or who was found. */
export type AudienceTell = { id: number } & (
  | { kind: "progress"; customers: number }
  | { kind: "ran"; shape: AudienceShape; cells: Int32Array<ArrayBuffer> }
  | { kind: "members"; members: AudienceMember[] }
)

/** So many customers are run between two words about the progress. */
const stretch = 2_000

/** Does what is asked; a journey with errors is an error here, since nobody begins a run of one. */
export function workAudience(ask: AudienceAsk, tell: (answer: AudienceTell) => void): void {
  const { id, spec } = ask
  const prepared = prepareAudience(spec)
  if (!prepared.ok) throw new Error(prepared.problems.map(problem => problem.text).join(" "))
  const audience = prepared.value
  if (ask.kind === "members") {
    tell({ id, kind: "members", members: membersAt(audience, ask) })
    return
  }
  const shape = audienceShape(audience)
  const counts = new AudienceCounts(audience, shape)
  for (let from = ask.from; from < ask.to; from += stretch) {
    const to = Math.min(from + stretch, ask.to)
    runAudience(audience, counts, { from, to })
    tell({ id, kind: "progress", customers: to - from })
  }
  tell({ id, kind: "ran", shape, cells: counts.cells })
}
