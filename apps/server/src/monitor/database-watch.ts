import type { EpochMs } from "@viaggio/journey-model"
import type { Ports } from "../ports.ts"

/** Why this process cannot do its work, for a screen to put into words. */
export const NotReady = { databaseAway: "database-away", migrationsMissing: "migrations-missing" } as const
export type NotReady = (typeof NotReady)[keyof typeof NotReady]

/** `detail`: a code of the driver, e.g. `ECONNREFUSED`. */
export type Trouble = { reason: NotReady; detail: string; since: EpochMs }

export type DatabaseWatch = {
  /** Looks, unless somebody has within the last second; undefined: all is well. */
  look(): Promise<Trouble | undefined>
  stop(): void
}

/** A database that takes longer to say anything is away. */
const PATIENCE_MS = 2_000
const KEPT_MS = 1_000
const EVERY_MS = 2_000

/** Keeps an eye on the database, so that somebody who asks later hears since when it is away. */
export const createDatabaseWatch = (deps: {
  /** Throws where the database does not answer; otherwise whether it has all our migrations. */
  probe(): Promise<{ migrated: boolean }>
  codeOf(error: unknown): string | undefined
  ports: Ports
}): DatabaseWatch => {
  const { ports } = deps
  let trouble: Trouble | undefined
  let lookedAt = Number.NEGATIVE_INFINITY
  let looking: Promise<Trouble | undefined> | undefined

  const meet = (reason: NotReady, detail: string): Trouble => ({
    reason,
    detail,
    since: trouble?.reason === reason ? trouble.since : ports.now(),
  })

  const askOnce = async (): Promise<Trouble | undefined> => {
    let timer: NodeJS.Timeout | undefined
    const tooLate = new Promise<"late">(resolve => {
      timer = setTimeout(() => resolve("late"), PATIENCE_MS)
    })
    try {
      const probing = deps.probe()
      probing.catch(() => undefined)
      const found = await Promise.race([probing, tooLate])
      if (found === "late") return meet(NotReady.databaseAway, "TIMEOUT")
      return found.migrated ? undefined : meet(NotReady.migrationsMissing, "")
    } catch (error) {
      return meet(NotReady.databaseAway, deps.codeOf(error) ?? "")
    } finally {
      clearTimeout(timer)
    }
  }

  const look = async (): Promise<Trouble | undefined> => {
    if (looking !== undefined) return looking
    if (ports.monotonicMs() - lookedAt < KEPT_MS) return trouble
    looking = askOnce().then(found => {
      trouble = found
      lookedAt = ports.monotonicMs()
      looking = undefined
      return found
    })
    return looking
  }

  const timer = setInterval(() => void look(), EVERY_MS)
  timer.unref()
  return { look, stop: () => clearInterval(timer) }
}
