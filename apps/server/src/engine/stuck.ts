import type { StuckItem, StuckOutcome } from "../answers.ts"
import type { Db } from "../db/client.ts"
import { profileBucket } from "../ingest/keys.ts"
import type { Ports } from "../ports.ts"
import { Refusal } from "../refusal.ts"
import * as store from "./set-aside-store.ts"

/** How long a call waits for the worker that has the customer's bucket. */
const MOST_MS = 10_000
const WAIT_MS = 20
const MOST_LISTED = 200

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Customers whom the engine could not work, and what can be done for them. */
export const createStuck = (deps: { db: Db; ports: Ports; wake(bucket: number): void }) => {
  const ask = async (
    workspace: { id: number },
    profile: string,
    asked: store.Asked,
  ): Promise<StuckOutcome> => {
    if (!uuid.test(profile)) throw unknown(profile)
    const place = { workspace: workspace.id, bucket: profileBucket(profile), profile }
    const [before] = await store.findStuck(deps.db, place)
    if (before === undefined) throw unknown(profile)
    await store.ask(deps.db, { bucket: place.bucket, profile, asked })
    deps.wake(place.bucket)
    const deadline = deps.ports.monotonicMs() + MOST_MS
    for (;;) {
      const [row] = await store.findStuck(deps.db, place)
      if (row === undefined) return { state: "released" }
      if (row.tries > before.tries && row.is_over) return { state: "set-aside", customer: itemOf(row) }
      if (deps.ports.monotonicMs() > deadline) return { state: "asked", customer: itemOf(row) }
      await deps.ports.sleep(WAIT_MS)
    }
  }

  return {
    async list(workspace: { id: number }): Promise<StuckItem[]> {
      const rows = await store.listStuck(deps.db, { workspace: workspace.id, most: MOST_LISTED })
      return rows.map(itemOf)
    },
    /** Works all that has reached the customer since, in order. */
    tryAgain: (workspace: { id: number }, profile: string) => ask(workspace, profile, store.Asked.try),
    /** Leaves out the event or the wait that breaks, and tries again. */
    skip: (workspace: { id: number }, profile: string) => ask(workspace, profile, store.Asked.skip),
  }
}

const unknown = (profile: string) => new Refusal("not-found", `No customer “${profile}” is set aside.`)

const instant = (ms: number) => new Date(ms).toISOString()

const itemOf = (row: store.StuckItemRow): StuckItem => ({
  id: row.profile_id,
  since: instant(row.since),
  error: row.error.split("\n")[0]!,
  tries: row.tries,
  ...(row.tried_at === null ? {} : { triedAt: instant(row.tried_at) }),
  ...(row.message_id === null
    ? {}
    : { event: { name: row.event ?? "", at: instant(row.event_at!), messageId: row.message_id } }),
})
