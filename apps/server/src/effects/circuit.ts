/** `open`: nobody is sent to the provider; `half-open`: one probe decides. */
export type CircuitState = "closed" | "open" | "half-open"

export type Circuit = {
  state(): CircuitState
  /** How many sends may begin now; 0 while it is open or its probe is under way. */
  allowance(): number
  /** A send begins. */
  began(): void
  /** A send ended. `overload`: the provider could not take it, whatever it was; `retryAfterMs` as it said. */
  ended(how: "answered" | "overload" | "not tried", retryAfterMs?: number): void
  /** Ms until a probe may go; 0 when it is not open. */
  waitMs(): number
  /** Overloads one after the other. */
  failures(): number
}

const OPENS_AFTER = 5
const FIRST_MS = 1_000
const LONGEST_MS = 60_000

/**
 * Keeps a provider that cannot work from being asked again and again. After five overloads one after the other it
 * opens for a second, then for twice as long after each failed probe up to a minute, with a random half; any answer
 * closes it.
 */
export const createCircuit = (deps: { nowMs(): number; random(): number }): Circuit => {
  let failures = 0
  let openings = 0
  let opensUntil = 0
  let isOpen = false
  let probing = false

  const open = (retryAfterMs: number | undefined) => {
    const whole = Math.min(FIRST_MS * 2 ** openings, LONGEST_MS)
    const ms = retryAfterMs ?? whole / 2 + (whole / 2) * deps.random()
    isOpen = true
    openings += 1
    opensUntil = deps.nowMs() + Math.min(ms, LONGEST_MS * 10)
  }
  const state = (): CircuitState => (!isOpen ? "closed" : deps.nowMs() < opensUntil ? "open" : "half-open")

  return {
    state,
    allowance() {
      const now = state()
      return now === "closed" ? Number.POSITIVE_INFINITY : now === "open" || probing ? 0 : 1
    },
    began() {
      if (isOpen) probing = true
    },
    ended(how, retryAfterMs) {
      const wasProbe = probing
      probing = false
      if (how === "answered") {
        failures = 0
        openings = 0
        isOpen = false
      }
      if (how !== "overload") return
      failures += 1
      // Sends that began before it opened say nothing new.
      if (isOpen && !wasProbe) return
      if (isOpen || failures >= OPENS_AFTER || retryAfterMs !== undefined) open(retryAfterMs)
    },
    waitMs: () => (isOpen ? Math.max(0, opensUntil - deps.nowMs()) : 0),
    failures: () => failures,
  }
}
