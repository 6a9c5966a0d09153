/** Events a second of one workspace and one process, where the workspace says nothing else. */
export const USUAL_PER_SECOND = 50_000
/** So many seconds' worth may come at once. */
const BURST_SECONDS = 2
/** Workspaces that were not heard of for so long are forgotten. */
const FORGET_MS = 60_000

/**
 * Lets each workspace send so many events a second. A request passes whole while something is left, and what it took
 * too much is made up for before the next.
 */
export const createRateLimit = (monotonicMs: () => number) => {
  const left = new Map<number, { events: number; at: number }>()
  let sweptAt = 0

  const sweep = (now: number) => {
    if (now - sweptAt < FORGET_MS) return
    sweptAt = now
    for (const [workspace, { at }] of left) if (now - at > FORGET_MS) left.delete(workspace)
  }

  return {
    /** Takes a request's events; answers for how many ms to wait where it is too soon, else 0. */
    take(workspace: number, events: number, perSecond = USUAL_PER_SECOND): number {
      const now = monotonicMs()
      sweep(now)
      const most = perSecond * BURST_SECONDS
      const before = left.get(workspace) ?? { events: most, at: now }
      const refilled = Math.min(most, before.events + ((now - before.at) / 1_000) * perSecond)
      if (refilled <= 0) {
        left.set(workspace, { events: refilled, at: now })
        return Math.ceil((-refilled / perSecond) * 1_000) + 1
      }
      left.set(workspace, { events: refilled - events, at: now })
      return 0
    },
  }
}

export type RateLimit = ReturnType<typeof createRateLimit>
