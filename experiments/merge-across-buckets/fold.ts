import { assertNever } from "./assert-never.ts"
import type { Protocol } from "./protocol.ts"
import type { Consent, Enrollment, Event, Holdings, Profile, ProfileId } from "./tables.ts"
import { ONCE } from "./tables.ts"

/** What one stimulus did, for counters and witness. */
export type Folded = { holdings: Holdings; entered: Enrollment[]; ended: Enrollment[] }

export const NOTHING: Holdings = {
  count: 0,
  value: { at: -1, by: "" },
  consent: new Map(),
  messages: new Set(),
  entered: [],
  open: [],
}

export function foldEvent(protocol: Protocol, profile: Profile, event: Event, origin: ProfileId): Folded {
  const before = profile.holdings
  const holdings: Holdings = { ...before, count: before.count + 1 }
  const entered: Enrollment[] = []
  const ended: Enrollment[] = []
  const inJourney = ({ journey }: Enrollment) => journey === event.journey
  switch (event.what) {
    case "value":
      holdings.value = later(before.value, { at: event.at, by: event.id })
      break
    case "message":
      holdings.messages = new Set(before.messages).add(event.id)
      break
    case "grant":
    case "withdraw":
      holdings.consent = state(protocol, before.consent, event, origin)
      break
    case "exit":
      ended.push(...before.open.filter(inJourney))
      holdings.open = before.open.filter(open => !inJourney(open))
      break
    case "enter": {
      const barred = (event.journey === ONCE ? before.entered : before.open).some(inJourney)
      if (barred) break
      const enrollment = { id: `${profile.id}:${event.id}`, journey: event.journey, enteredAt: event.at }
      entered.push(enrollment)
      holdings.entered = [...before.entered, enrollment]
      holdings.open = [...before.open, enrollment]
      break
    }
    default:
      assertNever(event.what)
  }
  return { holdings, entered, ended }
}

/** The survivor takes in what the loser had; of two enrollments in one journey only one stays. */
export function foldParcel(protocol: Protocol, survivor: Holdings, parcel: Holdings): Folded {
  const open = [...survivor.open, ...parcel.open]
  const { keeps, unitesHistory } = protocol.landing
  if (keeps === "first-entered") open.sort(byEntry)
  const kept = open.filter((one, i) => open.findIndex(other => other.journey === one.journey) === i)
  const holdings: Holdings = {
    count: survivor.count + parcel.count,
    value: later(survivor.value, parcel.value),
    consent: uniteConsent(protocol, survivor.consent, parcel.consent),
    messages: new Set([...survivor.messages, ...parcel.messages]),
    entered: unitesHistory ? [...survivor.entered, ...parcel.entered] : survivor.entered,
    open: kept,
  }
  return { holdings, entered: [], ended: open.filter(one => !kept.includes(one)) }
}

export const byEntry = (a: Enrollment, b: Enrollment): number =>
  a.enteredAt - b.enteredAt || (a.id < b.id ? -1 : 1)

const later = (a: Holdings["value"], b: Holdings["value"]) =>
  b.at > a.at || (b.at === a.at && b.by > a.by) ? b : a

/** Key under which the literal rule keeps its one value. */
const ONE: ProfileId = -1
const UNSAID: Consent = { grantedAt: -1, withdrawnAt: -1 }

function state(
  protocol: Protocol,
  consent: Map<ProfileId, Consent>,
  { what, at }: Event,
  origin: ProfileId,
): Map<ProfileId, Consent> {
  const key = protocol.consent === "by-origin" ? origin : ONE
  const said = consent.get(key) ?? UNSAID
  const now =
    what === "grant"
      ? { ...said, grantedAt: Math.max(said.grantedAt, at) }
      : { ...said, withdrawnAt: Math.max(said.withdrawnAt, at) }
  return new Map(consent).set(key, now)
}

function uniteConsent(
  protocol: Protocol,
  a: Map<ProfileId, Consent>,
  b: Map<ProfileId, Consent>,
): Map<ProfileId, Consent> {
  if (protocol.consent === "one-value") return restrict(a, b)
  const united = new Map(a)
  for (const [origin, said] of b) {
    const other = united.get(origin) ?? UNSAID
    united.set(origin, {
      grantedAt: Math.max(said.grantedAt, other.grantedAt),
      withdrawnAt: Math.max(said.withdrawnAt, other.withdrawnAt),
    })
  }
  return united
}

/** "Most restrictive consent wins", read as one value per person. */
function restrict(a: Map<ProfileId, Consent>, b: Map<ProfileId, Consent>): Map<ProfileId, Consent> {
  const [x, y] = [a.get(ONE), b.get(ONE)]
  if (!x || !y) return x ? a : b
  return x.withdrawnAt > x.grantedAt ? a : b
}

/**
 * Whether the person may be written to. Each withdrawal must be answered by a later grant of somebody who spoke
 * for the withdrawing profile too: the same one, or one joined to it by events before that grant.
 */
export function isGranted(
  consent: ReadonlyMap<ProfileId, Consent>,
  links: readonly { a: ProfileId; b: ProfileId; at: number }[],
): boolean {
  const said = [...consent]
  if (!said.some(([, { grantedAt }]) => grantedAt >= 0)) return false
  return said.every(
    ([withdrawing, { withdrawnAt }]) =>
      withdrawnAt < 0 ||
      said.some(
        ([granting, { grantedAt }]) =>
          grantedAt > withdrawnAt && isJoined(links, granting, withdrawing, grantedAt),
      ),
  )
}

function isJoined(
  links: readonly { a: ProfileId; b: ProfileId; at: number }[],
  from: ProfileId,
  to: ProfileId,
  before: number,
): boolean {
  const reached = new Set([from])
  for (let size = 0; size !== reached.size; ) {
    size = reached.size
    for (const { a, b, at } of links)
      if (at < before && (reached.has(a) || reached.has(b))) reached.add(a).add(b)
  }
  return reached.has(to)
}
