import type { EpochMs, EventDigest, EventFact, JsonObject, Needs, View } from "@viaggio/journey-model"
import type { Db } from "../db/client.ts"
import * as engine from "../engine/engine-store.ts"
import * as store from "./survey-store.ts"

/** Past every number of a log. */
const ALL = Number.MAX_SAFE_INTEGER
const PAGE = 2_000
const FIRST_ID = "00000000-0000-0000-0000-000000000000"

/** Nobody asks about these outside of a journey; a view has to have them all the same. */
const noEntry = { name: "", properties: {}, messageId: "" }

/** The event names of some needs by their ids; names that nobody sent yet are absent. */
export type NamesById = ReadonlyMap<number, string>

export async function namesOf(db: Db, workspace: number, names: Iterable<string>): Promise<NamesById> {
  const wanted = [...new Set(names)]
  const rows = wanted.length === 0 ? [] : await store.findNames(db, { workspace, names: wanted })
  return new Map(rows.map(row => [row.id, row.name]))
}

/** Goes through the customers of a bucket, some at a time, as conditions outside of a journey see them. */
export async function* viewsOfBucket(
  db: Db,
  options: { workspace: number; bucket: number; needs: Needs; names: NamesById; now: EpochMs },
): AsyncGenerator<View[]> {
  const { workspace, bucket } = options
  let after = FIRST_ID
  for (;;) {
    const rows = await store.readCustomers(db, { bucket, workspace, after, most: PAGE })
    if (rows.length > 0) yield viewsOf(db, { ...options, rows })
    if (rows.length < PAGE) return
    after = rows.at(-1)!.id
  }
}

/** Customers of one bucket with what the needs ask for: one query each for digests and pasts, however many they are. */
export async function viewsOf(
  db: Db,
  options: {
    bucket: number
    rows: readonly store.SurveyedRow[]
    needs: Needs
    names: NamesById
    now: EpochMs
  },
): Promise<View[]> {
  const { rows, now } = options
  const [digests, past] = await Promise.all([readDigests(db, options), readPast(db, options)])
  return rows.map(({ id, attributes }) => ({
    customer: id,
    attributes,
    digest: name => digests.get(id)?.get(name),
    events: name => past.get(id)?.get(name) ?? [],
    now,
    entry: { ...noEntry, at: now },
    enteredAt: now,
    context: {},
  }))
}

type Reading = Parameters<typeof viewsOf>[1]

const idsOf = (names: NamesById, wanted: (name: string) => boolean): number[] =>
  [...names].flatMap(([id, name]) => (wanted(name) ? [id] : []))

const readDigests = async (
  db: Db,
  { bucket, rows, needs, names }: Reading,
): Promise<Map<string, Map<string, EventDigest>>> => {
  const byId = new Map<string, Map<string, EventDigest>>()
  const ids = idsOf(names, name => needs.digest.has(name))
  if (ids.length === 0) return byId
  const found = await engine.loadDigests(db, { bucket, profiles: rows.map(row => row.id), names: ids })
  for (const { profile_id, name_id, count, first_at, last_at } of found)
    innerOf(byId, profile_id).set(names.get(name_id)!, { count, firstAt: first_at, lastAt: last_at })
  return byId
}

const readPast = async (
  db: Db,
  { bucket, rows, needs, names, now }: Reading,
): Promise<Map<string, Map<string, EventFact[]>>> => {
  const byId = new Map<string, Map<string, EventFact[]>>()
  const ids = idsOf(names, name => needs.history.has(name))
  if (ids.length === 0) return byId
  const longest = Math.max(
    ...[...needs.history.values()].map(need => need.lookBackMs ?? Number.POSITIVE_INFINITY),
  )
  const asked = {
    names: ids,
    since: Number.isFinite(longest) ? new Date(now - longest - 1).toISOString() : "-infinity",
  }
  const places = rows.flatMap(({ id, absorbed }) => absorbed.map(place => ({ ...place, survivor: id })))
  const [own, absorbed] = await Promise.all([
    engine.loadHistory(db, {
      bucket,
      profiles: rows.map(row => row.id),
      lives: rows.map(() => ALL),
      bulk: ALL,
      ...asked,
    }),
    places.length === 0
      ? []
      : engine.loadAbsorbedHistory(db, {
          survivors: places.map(p => p.survivor),
          buckets: places.map(p => p.bucket),
          profiles: places.map(p => p.id),
          seqs: places.map(p => p.seq),
          bulks: places.map(p => p.bulk),
          ...asked,
        }),
  ])
  for (const row of [...absorbed, ...own]) {
    const ofCustomer = innerOf(byId, row.profile_id)
    const name = names.get(row.name_id)!
    const fact = { name, at: row.occurred_at, properties: row.properties ?? ({} as JsonObject) }
    const list = ofCustomer.get(name) ?? []
    list.push({ ...fact, messageId: row.message_id })
    ofCustomer.set(name, list)
  }
  return byId
}

const innerOf = <Value>(outer: Map<string, Map<string, Value>>, key: string): Map<string, Value> => {
  const present = outer.get(key) ?? new Map<string, Value>()
  outer.set(key, present)
  return present
}
