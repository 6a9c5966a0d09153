import type { Db } from "../db/client.ts"
import type { Ports } from "../ports.ts"
import * as store from "./counter-check-store.ts"
import { listBuckets } from "./job-store.ts"
import type { Programs } from "./programs.ts"

/** How often a process looks whether the hourly check is due. */
const LOOK_MS = 60_000

/** Counters that differ from what they count; an empty list is a good one. */
export type CheckResult = { at: number; differences: store.Compared[] }

/**
 * Compares the counters of every version with enrollments and messages once an hour, in one process of them all, keeps what
 * it found and sounds the alarm when they differ. It changes nothing.
 */
export const createCounterCheck = (deps: {
  db: Db
  /** For the counting itself, planned for long reads. */
  analytics: Db
  ports: Ports
  programs: Programs
  log: { error(error: unknown, text: string): void }
}) => {
  let timer: NodeJS.Timeout | undefined
  let running: Promise<unknown> = Promise.resolve()

  const check = async ({ evenIfDone = false } = {}): Promise<CheckResult | undefined> => {
    const id = await store.beginCheck(deps.db, evenIfDone)
    if (id === undefined) return undefined
    const differences = await compare()
    await store.endCheck(deps.db, { id, differences: JSON.stringify(differences) })
    if (differences.length > 0)
      deps.log.error({ differences: differences.slice(0, 50) }, "counters differ from what they count")
    return { at: deps.ports.now(), differences }
  }

  const compare = async (): Promise<store.Compared[]> => {
    const ids = (await store.listVersions(deps.analytics, {})).map(row => row.id)
    const published = [...(await deps.programs.get(ids)).values()]
    const versions = published.map(version => version.id)
    const entries = published.map(version => version.program.entry)
    const sums = new Map<string, store.Compared>()
    const add = (rows: readonly store.Compared[]) => {
      for (const row of rows) {
        const key = `${row.version} ${row.node} ${row.what}`
        const sum = sums.get(key)
        if (sum === undefined) sums.set(key, { ...row })
        else {
          sum.counted += row.counted
          sum.actual += row.actual
        }
      }
    }
    // At one moment, so that nobody is counted twice, or not at all, who goes from one bucket to another.
    const oneMoment = { isolationLevel: "repeatable read", accessMode: "read only" } as const
    await deps.analytics.transaction(async tx => {
      for (const { bucket } of await listBuckets(tx, {}))
        add(await store.compareBucket(tx, { bucket, versions, entries }))
      add(await store.findParcels(tx, { versions, entries }))
    }, oneMoment)
    return [...sums.values()].filter(sum => sum.counted !== sum.actual)
  }

  const look = () => {
    running = running
      .then(() => check())
      .catch(error => deps.log.error(error, "the counters could not be checked"))
  }

  return {
    /** Checks now, whenever it was done before. */
    check: () => check({ evenIfDone: true }),
    /** What the process does by itself: once an hour among all of them. */
    checkIfDue: () => check(),
    async last(): Promise<CheckResult | undefined> {
      return (await store.readCheck(deps.analytics, {}))[0]
    },
    start() {
      timer = setInterval(look, LOOK_MS)
      timer.unref()
    },
    async stop(): Promise<void> {
      clearInterval(timer)
      await running
    },
  }
}
