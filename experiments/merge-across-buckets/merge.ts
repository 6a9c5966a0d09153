import type { Protocol } from "./protocol.ts"
import {
  type Database,
  followAliases,
  followLanded,
  type Mail,
  type Merge,
  type MergeState,
  slotOf,
} from "./tables.ts"

/**
 * One transaction over the alias rows of two people, locked in order: agrees who survives, or refuses because both
 * have a user id. False where the door holds one of the rows. Decided here, a person is a loser at most once.
 */
export function agree(db: Database, merge: Merge): boolean {
  const [a, b] = [followAliases(db, merge.survivor), followAliases(db, merge.loser)]
  if (db.locks.has(`alias:${a}`) || db.locks.has(`alias:${b}`)) return false
  if (merge.state !== "requested") return true
  if (a === b) {
    merge.state = "done"
    return true
  }
  const [survivor, loser] = a < b ? [a, b] : [b, a]
  const users = [survivor, loser].map(id => db.aliases.get(id)?.user).filter(user => user !== undefined)
  if (users.length === 2) {
    merge.state = "refused"
    return true
  }
  const [user] = users
  db.aliases.set(survivor, user === undefined ? {} : { user })
  db.aliases.set(loser, { ...db.aliases.get(loser), into: survivor })
  Object.assign(merge, { survivor, loser, state: "agreed" satisfies MergeState })
  return true
}

/** Appends one mail to the receiver's log, once. */
export function appendMail(db: Database, protocol: Protocol, { id, from, number, to, row }: Mail): void {
  const { knownBy } = protocol.mail
  const pair = `${from}:${to}`
  if (knownBy === "id" && db.received.has(id)) return
  if (knownBy === "mark" && number <= (db.marks.get(pair) ?? 0)) return
  db.received.add(id)
  db.marks.set(pair, number)
  db.logs[to]!.push(row)
}

export function dropMail(db: Database, { id }: Mail): void {
  db.mail = db.mail.filter(mail => mail.id !== id)
}

/** Which merge has identities to move. */
export function isDueForRepointing(protocol: Protocol, { state }: Merge): boolean {
  return state === "landed" || (state === "taken" && protocol.repoint.after === "taken")
}

/** Points the identities of one slot at the survivor; done twice it changes nothing. Open claims are not seen. */
export function repointSlot(db: Database, protocol: Protocol, merge: Merge, slot: number): void {
  const { loser } = merge
  const survivor = protocol.repoint.again ? followLanded(db, loser) : merge.survivor
  for (const [identifier, profile] of db.identities)
    if (profile === loser && slotOf(identifier) === slot) db.identities.set(identifier, survivor)
}

/** Closes the row, unless it has not landed yet or has to be looked through again since `round`. */
export function finishMerge(merge: Merge, round: number): void {
  if (merge.state === "landed" && merge.round === round) merge.state = "done"
}
