import { isDeepStrictEqual } from "node:util"
import type { JsonObject } from "@viaggio/journey-model"
import type { Db } from "../db/client.ts"
import { identitySlot } from "../ingest/keys.ts"
import type { Identifier } from "../ingest/message.ts"
import * as store from "./import-store.ts"

/** What a row does to what is known; `merging`: its identifiers name two customers who are known apart. */
export type RowFate = { fate: "new" | "changed" | "unchanged" | "repeated"; merging: boolean }

/** A row's customer by their strongest identifier. */
const keyOf = (identifiers: readonly Identifier[]): string => {
  const { kind, value } = identifiers.reduce((a, b) => (b.kind < a.kind ? b : a))
  return `${kind}:${value}`
}

/** Remembers whom a file has named already, so that a second row of one customer is not counted as new again. */
export const createSeen = () => {
  const keys = new Set<string>()
  return (identifiers: readonly Identifier[]): boolean => {
    const key = keyOf(identifiers)
    const isRepeated = keys.has(key)
    keys.add(key)
    return isRepeated
  }
}

/** Says of each row what it would change, in two queries however many they are. */
export async function classify(
  db: Db,
  workspace: number,
  rows: readonly { identifiers: readonly Identifier[]; attributes: JsonObject; isRepeated: boolean }[],
): Promise<RowFate[]> {
  const asked = rows.flatMap((row, n) => row.identifiers.map(identifier => ({ n, ...identifier })))
  if (asked.length === 0) return []
  const found = await store.findPeople(db, {
    workspace,
    slots: asked.map(({ kind, value }) => identitySlot(workspace, kind, value)),
    kinds: asked.map(({ kind }) => kind),
    values: asked.map(({ value }) => value),
  })
  const places = [...new Map(found.map(person => [person.id, person])).values()]
  const profiles = await store.readAttributes(db, {
    workspace,
    buckets: places.map(place => place.bucket),
    ids: places.map(place => place.id),
  })
  const byAsked = new Map(profiles.map(profile => [profile.asked, profile]))
  const named = rows.map(() => [] as string[])
  for (const { i, id } of found) named[asked[i]!.n]!.push(id)
  return rows.map(({ identifiers, attributes, isRepeated }, n) => {
    const people = named[n]!.map(id => byAsked.get(id))
    const known = new Map(people.flatMap(person => (person === undefined ? [] : [[person.id, person]])))
    const merging = known.size > 1
    if (isRepeated) return { fate: "repeated", merging }
    if (named[n]!.length === 0) return { fate: "new", merging }
    const [present] = known.values()
    const isSame =
      known.size === 1 &&
      named[n]!.length === identifiers.length &&
      Object.entries(attributes).every(([name, value]) => isDeepStrictEqual(present!.attributes[name], value))
    return { fate: isSame ? "unchanged" : "changed", merging }
  })
}
