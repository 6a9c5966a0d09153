/** How much one request of an advance did; `done: false` means that there is more to do before the clock stands at the target. */
export type Advance = {
  now: string | number
  events: number
  steps: number
  messages: number
  done?: boolean
}

export type AdvanceSum = { events: number; steps: number; messages: number }

/**
 * Moves a sandbox's clock to an instant (RFC 3339), asking again until all of it is done, and tells the sum after each
 * answer. Stops between two requests when the signal says so: what was done stays done.
 */
export async function advanceTo(
  to: string,
  advance: (input: { to: string }) => Promise<Advance>,
  onProgress: (sum: AdvanceSum) => void,
  signal: AbortSignal,
): Promise<AdvanceSum> {
  const sum = { events: 0, steps: 0, messages: 0 }
  while (!signal.aborted) {
    const answer = await advance({ to })
    sum.events += answer.events
    sum.steps += answer.steps
    sum.messages += answer.messages
    onProgress({ ...sum })
    if (answer.done !== false) break
  }
  return sum
}
