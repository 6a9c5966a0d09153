import type { EpochMs } from "../values/time.ts"
import { type Audience, AudienceLife } from "./audience.ts"
import type { AudienceCounts } from "./audience-counts.ts"
import { startWalk, type Walk, walkSend, walkSetTraits, walkTo } from "./walk.ts"

/** Runs the customers with numbers from `from` to before `to`, in any order of parts, and adds them to the counts. */
export function runAudience(
  audience: Audience,
  counts: AudienceCounts,
  part: { from: number; to: number },
): void {
  for (let index = part.from; index < part.to; index++) counts.add(liveThrough(audience, index))
}

/** The whole time of one customer of the audience. */
export function liveThrough(audience: Audience, index: number): AudienceLife {
  const life = new AudienceLife(audience, index)
  life.run()
  return life
}

/** A simulated customer who is at a node, or has been there; `index` is their number, `since` their arrival. */
export type AudienceMember = { index: number; id: string; since: EpochMs; enteredAt: EpochMs }

/**
 * The first customers who are inside a node just before an instant (or, with `been`, have ever been there until then),
 * found by letting them live once more from number `from` on.
 */
export function membersAt(
  audience: Audience,
  { node, before, most, been = false }: { node: string; before: EpochMs; most: number; been?: boolean },
): AudienceMember[] {
  const found: AudienceMember[] = []
  for (let index = 0; index < audience.spec.customers && found.length < most; index++) {
    const { fold, id } = liveThrough(audience, index)
    const visits = [
      ...fold.steps
        .filter(({ step }) => step.node === node && (been || step.leftAt >= before))
        .map(({ step }) => ({ since: step.arrivedAt })),
      ...fold.open
        .filter(({ enrollment }) => enrollment.node === node)
        .map(({ enrollment }) => ({ since: enrollment.arrivedAt })),
    ].filter(({ since }) => since < before)
    const [visit] = visits
    if (visit)
      found.push({ index, id, since: visit.since, enteredAt: fold.steps[0]?.step.arrivedAt ?? visit.since })
  }
  return found
}

/** The same customer, walked through the journey with every step, message and call to be looked at. */
export function walkOf(audience: Audience, index: number): Walk {
  const { spec, endAt } = audience
  const life = liveThrough(audience, index)
  const started = startWalk({
    journey: spec.journey,
    workspace: spec.workspace,
    profile: { id: life.id, attributes: life.customer.attributes },
    history: [...life.past],
    startAt: spec.startAt,
    ...(spec.stub ? { stub: spec.stub } : {}),
  })
  if (!started.ok) throw new Error("an audience is prepared only for a journey that starts")
  let walk = started.value
  for (const happening of life.happenings) {
    if (happening.kind !== "event" && happening.kind !== "traits") continue
    const at = happening.kind === "event" ? happening.event.at : happening.at
    // Waits that end before are told before; those that end at the same instant come after it.
    walk = { ...walkTo(walk, at - 1), now: at }
    walk =
      happening.kind === "event" ? walkSend(walk, happening.event) : walkSetTraits(walk, happening.traits)
  }
  return walkTo(walk, endAt)
}
