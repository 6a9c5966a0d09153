import { type EpochMs, formatInstant } from "@viaggio/journey-model"
import type { CustomerFacts } from "../answers.ts"
import type { Db } from "../db/client.ts"
import { isUuid } from "../db/uuid.ts"
import { identitySlot, profileBucket } from "../ingest/keys.ts"
import { IdentityKind } from "../ingest/message.ts"
import { Refusal } from "../refusal.ts"
import type { Workspace } from "../workspaces/workspace.ts"
import * as store from "./store.ts"
import { findNames, readNewestEvent } from "./survey-store.ts"

export type FoundProfile = Awaited<ReturnType<typeof findCustomer>>

/** Found by user id, or by the profile's own id; of one that has merged, what it became part of. */
export async function findCustomer(db: Db, workspace: Workspace, idOrUserId: string) {
  const kind = IdentityKind.user_id
  const [known] = await store.findByIdentity(db, {
    slot: identitySlot(workspace.id, kind, idOrUserId),
    workspace: workspace.id,
    kind,
    value: idOrUserId,
  })
  const person =
    known ?? (isUuid(idOrUserId) ? { bucket: profileBucket(idOrUserId), id: idOrUserId } : undefined)
  const [row] =
    person === undefined ? [] : await store.readProfile(db, { workspace: workspace.id, ...person })
  if (row === undefined) throw new Refusal("not-found", `There is no customer "${idOrUserId}".`)
  return row
}

/** The newest event of a name that a customer has; undefined where there is none. */
export async function newestEvent(
  db: Db,
  workspace: Workspace,
  { bucket, id, absorbed }: FoundProfile,
  name: string,
): Promise<CustomerFacts["entry"]> {
  const [known] = await findNames(db, { workspace: workspace.id, names: [name] })
  if (known === undefined) return undefined
  const places = [{ bucket, id }, ...absorbed]
  const [row] = await readNewestEvent(db, {
    buckets: places.map(place => place.bucket),
    ids: places.map(place => place.id),
    name: known.id,
  })
  if (row === undefined) return undefined
  const at: EpochMs = row.at
  return { name, at: formatInstant(at), properties: row.properties ?? {}, messageId: row.message_id }
}
