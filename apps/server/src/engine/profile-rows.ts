import type { Customer, EpochMs } from "@viaggio/journey-model"
import type { Tx } from "../db/client.ts"
import { CallKind, InternalKind } from "../ingest/message.ts"
import type { EventNames } from "../ingest/names.ts"
import { changeProfiles, saveDigests, saveProfiles, touchProfiles } from "./engine-store.ts"
import { instantText } from "./instant-text.ts"
import type { Loaded } from "./load.ts"

const newColumns = () => ({
  ids: [] as string[],
  attributes: [] as string[],
  times: [] as string[],
  stimuli: [] as string[],
  received: [] as string[],
})

/** What a batch writes of its customers and of the digests of their events, column by column. */
export class ProfileRows {
  readonly #now: EpochMs
  readonly #names: EventNames
  readonly #added = { ...newColumns(), workspaces: [] as number[] }
  readonly #changed = newColumns()
  readonly #touched = { ids: [] as string[], stimuli: [] as string[] }
  readonly #digests = {
    profiles: [] as string[],
    names: [] as number[],
    counts: [] as number[],
    firsts: [] as EpochMs[],
    lasts: [] as EpochMs[],
  }

  constructor(now: EpochMs, names: EventNames) {
    this.#now = now
    this.#names = names
  }

  /** Takes what the fold made of a customer. */
  add(loaded: Loaded, customer: Customer): void {
    if (loaded.isNew || customer.attributes !== loaded.customer.attributes) {
      if (loaded.isNew) this.#added.workspaces.push(loaded.workspace.id)
      const rows = loaded.isNew ? this.#added : this.#changed
      rows.ids.push(customer.id)
      rows.attributes.push(JSON.stringify(customer.attributes))
      rows.times.push(JSON.stringify(customer.valueTimes))
      rows.stimuli.push(instantText(customer.lastStimulusAt))
      rows.received.push(instantText(loaded.events[0]?.received_at ?? this.#now))
    } else if (customer.lastStimulusAt !== loaded.customer.lastStimulusAt) {
      this.#touched.ids.push(customer.id)
      this.#touched.stimuli.push(instantText(customer.lastStimulusAt))
    }
    this.#addDigests(loaded)
  }

  save(tx: Tx, bucket: number): Promise<unknown> {
    const { firsts, lasts, ...digests } = this.#digests
    return Promise.all([
      this.#added.ids.length === 0 ? undefined : saveProfiles(tx, { bucket, ...this.#added }),
      this.#changed.ids.length === 0 ? undefined : changeProfiles(tx, { bucket, ...this.#changed }),
      this.#touched.ids.length === 0 ? undefined : touchProfiles(tx, { bucket, ...this.#touched }),
      firsts.length === 0
        ? undefined
        : saveDigests(tx, {
            bucket,
            ...digests,
            firsts: firsts.map(instantText),
            lasts: lasts.map(instantText),
          }),
    ])
  }

  /** One row for each name of the customer's events; a customer has few of them in a batch. */
  #addDigests({ customer, events }: Loaded): void {
    const rows = this.#digests
    const own = rows.names.length
    for (const { kind, name_id: name, occurred_at: at } of events) {
      if (kind === CallKind.identify || kind >= InternalKind.effect) continue
      if (this.#names.nameOf(name) === undefined) continue
      const row = rows.names.indexOf(name, own)
      if (row >= 0) {
        rows.counts[row]! += 1
        rows.firsts[row] = Math.min(rows.firsts[row]!, at)
        rows.lasts[row] = Math.max(rows.lasts[row]!, at)
        continue
      }
      rows.profiles.push(customer.id)
      rows.names.push(name)
      rows.counts.push(1)
      rows.firsts.push(at)
      rows.lasts.push(at)
    }
  }
}
