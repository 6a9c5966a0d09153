import { uniteValues } from "@viaggio/journey-model"
import type { Tx } from "../db/client.ts"
import { InternalKind } from "../ingest/message.ts"
import { type ProfileRow, saveProfiles } from "./engine-store.ts"
import { instantText } from "./instant-text.ts"
import type { EventRow } from "./log-store.ts"
import * as store from "./merge-store.ts"

export type { Parcel } from "./merge-store.ts"

type Arriving = { survivor: string; workspace: number; event: EventRow; parcel: store.Parcel }

/**
 * Gives the parcels of a batch to their survivors, before anything else of them is read: enrollments and digest as
 * rows, values united, the past noted. A parcel whose survivor has merged into another itself is passed on by the
 * batch like any event. All of it is written at once, so a survivor who is set aside afterwards has it too.
 *
 * @returns the batch's profiles as they are now
 */
export const landParcels = async (
  tx: Tx,
  bucket: number,
  batch: ReadonlyMap<string, { workspace: number; events: readonly EventRow[] }>,
  profiles: ProfileRow[],
): Promise<ProfileRow[]> => {
  const profileOf = new Map(profiles.map(row => [row.id, row]))
  const arriving: Arriving[] = [...batch].flatMap(([survivor, { workspace, events }]) =>
    profileOf.get(survivor)?.merged_into == null
      ? events
          .filter(event => event.kind === InternalKind.merged)
          .map(event => ({ survivor, workspace, event, parcel: event.body as unknown as store.Parcel }))
      : [],
  )
  if (arriving.length === 0) return profiles
  const landed = await store.landMerges(tx, {
    merges: arriving.map(a => a.parcel.merge),
    into: arriving.map(a => a.survivor),
  })
  const isNew = new Set(landed.map(row => row.id))
  const fresh = arriving.filter(a => isNew.has(a.parcel.merge))
  if (fresh.length === 0) return profiles

  for (const { survivor, parcel } of fresh) {
    const present = profileOf.get(survivor)
    const united = uniteValues(
      { attributes: present?.attributes ?? {}, valueTimes: present?.value_times ?? {} },
      parcel,
    )
    profileOf.set(survivor, {
      id: survivor,
      attributes: united.attributes,
      value_times: united.valueTimes,
      last_stimulus_at: Math.max(present?.last_stimulus_at ?? 0, parcel.lastStimulusAt),
      merged_into: null,
      absorbed: [...(present?.absorbed ?? []), ...parcel.absorbed],
    })
  }
  const written = [...new Map(fresh.map(a => [a.survivor, a])).values()]
  await Promise.all([
    store.unpackParcels(tx, {
      bucket,
      survivors: fresh.map(a => a.survivor),
      parcels: fresh.map(a => JSON.stringify(a.event.body)),
    }),
    saveProfiles(tx, {
      bucket,
      ids: written.map(a => a.survivor),
      workspaces: written.map(a => a.workspace),
      attributes: written.map(a => JSON.stringify(profileOf.get(a.survivor)!.attributes)),
      times: written.map(a => JSON.stringify(profileOf.get(a.survivor)!.value_times)),
      stimuli: written.map(a => instantText(profileOf.get(a.survivor)!.last_stimulus_at)),
      received: written.map(a => instantText(a.event.received_at)),
    }),
    store.absorb(tx, {
      bucket,
      survivors: fresh.map(a => a.survivor),
      absorbed: fresh.map(a => JSON.stringify(a.parcel.absorbed)),
    }),
  ])
  return [...profileOf.values()]
}
