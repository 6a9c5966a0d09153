import {
  type EpochMs,
  type Json,
  type JsonObject,
  MOST_ATTRIBUTES,
  parseInstant,
} from "@viaggio/journey-model"
import { cleanJson, cleanText, Refused } from "./clean.ts"

/** Largest event in bytes of its JSON text. */
export const MAX_EVENT_BYTES = 32 * 1024
/** Longest message id in bytes. */
const MAX_MESSAGE_ID = 128
const MAX_NAME = 200
/** Traits of one call; a customer may have five times as many attributes. */
const MOST_TRAITS = MOST_ATTRIBUTES / 5
const MAX_IDENTITY = 256
const MOST_EXTERNAL_IDS = 20

/** The kinds of call in Segment's wire format, numbered as they are stored. */
export const CallKind = { identify: 1, track: 2, page: 3, screen: 4, group: 5, alias: 6 } as const
export type CallKind = keyof typeof CallKind

/** Kinds of the log's rows that no sender can write: the answer to an effect, the parcel of a merged profile. */
export const InternalKind = { effect: 7, merged: 8 } as const

/** The kinds of identity, numbered in order of strength: a lower number names the person more strongly. */
export const IdentityKind = { user_id: 1, loyalty_card: 2, email: 3, phone: 4, anonymous_id: 5 } as const
export type IdentityKind = keyof typeof IdentityKind

/** The name of a kind of identity by its number. */
export const identityName = (kind: number): string =>
  Object.entries(IdentityKind).find(([, code]) => code === kind)?.[0] ?? "other"

/** A key that names a profile, canonical. */
export type Identifier = { kind: number; value: string }

/** Message ids of rows of an imported file begin so. */
const IMPORT_PREFIX = "csv:"

/** The message id of a line of an imported file; `run` stands for the file's bytes and how they were read. */
export const importMessageId = (run: string, line: number): string => `${IMPORT_PREFIX}${run}:${line}`

export const isImported = (messageId: string): boolean => messageId.startsWith(IMPORT_PREFIX)

/** One event that has passed the checks that need no database. */
export type Incoming = {
  index: number
  messageId: string
  kind: number
  /** What a journey listens to: a track call's event, "Page Viewed", "Screen Viewed"; else the call's name. */
  name: string
  identifiers: Identifier[]
  /** The sender's time; absent when it gave none. */
  occurredAt?: EpochMs
  properties: JsonObject
  traits?: JsonObject
  /** `history`: it is told now but long past, and goes into the bulk log. */
  mode?: EventMode
  /** JSON text of what is stored. */
  body: string
}

/** Whether an event makes things happen or only changes what is known. */
export type EventMode = "live" | "history"

/** Reads the field `mode` of an event or of a batch. */
export const modeOf = (input: unknown): EventMode | undefined => {
  if (input === undefined || input === null) return undefined
  if (input !== "live" && input !== "history")
    throw new Refused({ field: "mode", text: "is neither live nor history" })
  return input
}

export type Rejection = { index: number; messageId?: string; field: string; text: string }

const namesOfCalls: { [K in CallKind]: string } = {
  identify: "$identify",
  track: "",
  page: "Page Viewed",
  screen: "Screen Viewed",
  group: "$group",
  alias: "$alias",
}

/** Event names that start with this belong to Viaggio: no journey starts from them. */
export const INTERNAL_NAME = "$"

/**
 * Reads one call of Segment's format. `fallbackId` is the message id of a call that brings none.
 * @returns the event, or what is wrong with it and where
 */
export const readCall = (
  input: unknown,
  index: number,
  fallbackId: string,
  typeOfRoute?: CallKind,
): Incoming | Rejection => {
  if (typeof input !== "object" || input === null || Array.isArray(input))
    return { index, field: "", text: "An event is a JSON object." }
  const call = input as Record<string, unknown>
  const messageId = call.messageId === undefined || call.messageId === null ? fallbackId : call.messageId
  if (
    typeof messageId !== "string" ||
    messageId === "" ||
    Buffer.byteLength(messageId) > MAX_MESSAGE_ID ||
    cleanText(messageId) !== messageId
  )
    return { index, field: "messageId", text: `A message id is text of 1 to ${MAX_MESSAGE_ID} bytes.` }
  try {
    return read(call, index, messageId, typeOfRoute)
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    return { index, messageId, field: error.what.field, text: `${error.what.field} ${error.what.text}.` }
  }
}

const read = (
  call: Record<string, unknown>,
  index: number,
  messageId: string,
  typeOfRoute: CallKind | undefined,
): Incoming => {
  const type = typeOfRoute ?? call.type
  if (typeof type !== "string" || !Object.hasOwn(CallKind, type))
    throw new Refused({
      field: "type",
      text: `is not one of ${Object.keys(CallKind).join(", ")}`,
    })
  const kind = type as CallKind
  const properties = objectOf(call.properties, "properties")
  const { traits: copiedTraits, ...context } = contextOf(call.context)
  const traits = kind === "identify" || kind === "group" ? traitsOf(kind, call, copiedTraits) : undefined
  const occurredAt = timeOf(call.timestamp ?? call.originalTimestamp)
  const mode = modeOf(call.mode)
  const stored: JsonObject = {}
  if (Object.keys(properties).length > 0) stored.properties = properties
  if (traits !== undefined) stored.traits = traits
  if (traits === undefined && copiedTraits !== undefined) context.traits = copiedTraits
  if (Object.keys(context).length > 0) stored.context = context
  for (const field of ["name", "category", "groupId", "previousId"] as const)
    if (call[field] !== undefined && call[field] !== null) stored[field] = cleanJson(call[field], field)
  const body = JSON.stringify(stored)
  if (body.length > MAX_EVENT_BYTES / 4 && Buffer.byteLength(body) > MAX_EVENT_BYTES)
    throw new Refused({ field: "event", text: `is larger than ${MAX_EVENT_BYTES / 1024} kB` })
  const incoming: Incoming = {
    index,
    messageId,
    kind: CallKind[kind],
    name: nameOf(kind, call),
    identifiers: identifiersOf(call, kind, traits),
    properties: withPageName(kind, call, properties),
    body,
  }
  if (occurredAt !== undefined) incoming.occurredAt = occurredAt
  if (mode !== undefined) incoming.mode = mode
  if (kind === "identify" && traits !== undefined) incoming.traits = traits
  return incoming
}

const noContext: JsonObject = {}
/** Most server-side senders bring none. */
const contextOf = (input: unknown): JsonObject =>
  input === undefined || input === null ? noContext : objectOf(input, "context")

const objectOf = (input: unknown, field: string): JsonObject => {
  if (input === undefined || input === null) return {}
  if (typeof input !== "object" || Array.isArray(input))
    throw new Refused({ field, text: "is not a JSON object" })
  return cleanJson(input, field) as JsonObject
}

/** RudderStack's clients put an identify's traits into the context as well, and some of them only there: one copy stays. */
const traitsOf = (kind: CallKind, call: Record<string, unknown>, copied: Json | undefined): JsonObject => {
  const traits = objectOf(call.traits ?? (kind === "identify" ? copied : undefined), "traits")
  if (Object.keys(traits).length > MOST_TRAITS)
    throw new Refused({
      field: "traits",
      text: `are more than ${MOST_TRAITS}: put what varies into the value, not into the name`,
    })
  return traits
}

const timeOf = (input: unknown): EpochMs | undefined => {
  if (input === undefined || input === null) return undefined
  const at = typeof input === "string" ? instantOf(input) : undefined
  if (at === undefined || !Number.isFinite(at))
    throw new Refused({
      field: "timestamp",
      text: "is not an RFC 3339 time such as 2026-11-21T18:44:00.000Z",
    })
  return at
}

/** Nearly every sender writes what `toISOString` gives, which the machine reads four times as fast. */
const usualShape = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

const instantOf = (text: string): number =>
  usualShape.test(text) ? Date.parse(text) : (parseInstant(text) ?? Date.parse(text))

const nameOf = (kind: CallKind, call: Record<string, unknown>): string => {
  if (kind !== "track") return namesOfCalls[kind]
  const name = typeof call.event === "string" ? cleanText(call.event) : ""
  if (name.trim() === "" || name.length > MAX_NAME || name.startsWith(INTERNAL_NAME))
    throw new Refused({
      field: "event",
      text: `is the name of what happened: text of 1 to ${MAX_NAME} characters that does not start with ${INTERNAL_NAME}`,
    })
  return name
}

/** A page's or screen's own name is one more property, so that a journey can ask for it. */
const withPageName = (kind: CallKind, call: Record<string, unknown>, properties: JsonObject): JsonObject => {
  if ((kind !== "page" && kind !== "screen") || typeof call.name !== "string" || "name" in properties)
    return properties
  return { ...properties, name: cleanText(call.name) }
}

const blocked = new Set(["", "null", "undefined", "0", "nan", "none", "unknown", "anonymous"])

const identityOf = (input: unknown, field: string): string | undefined => {
  if (input === undefined || input === null) return undefined
  if (typeof input !== "string" && typeof input !== "number")
    throw new Refused({ field, text: "is neither text nor a number" })
  const value = cleanText(String(input)).trim()
  if (value.length > MAX_IDENTITY)
    throw new Refused({ field, text: `is longer than ${MAX_IDENTITY} characters` })
  return blocked.has(value.toLowerCase()) ? undefined : value
}

const looksLikeAddress = /^[^\s@]+@[^\s@]+$/
/** Mailboxes of a role belong to many people and name none. */
const roleMailbox =
  /^(abuse|admin|billing|contact|help|hello|info|mail|marketing|no-?reply|office|postmaster|privacy|root|sales|support|team|webmaster)@/
/** E.164 after spaces, dots, dashes and brackets are taken out; a number without its country names nobody. */
const looksLikePhone = /^\+[1-9][0-9]{6,14}$/

const emailOf = (input: unknown): Identifier[] => {
  if (typeof input !== "string" || input.length > MAX_IDENTITY) return []
  const value = cleanText(input).trim().toLowerCase()
  return looksLikeAddress.test(value) && !roleMailbox.test(value) ? [{ kind: IdentityKind.email, value }] : []
}

const phoneOf = (input: unknown): Identifier[] => {
  if (typeof input !== "string" || input.length > 40) return []
  const value = cleanText(input).replaceAll(/[\s().-]/g, "")
  return looksLikePhone.test(value) ? [{ kind: IdentityKind.phone, value }] : []
}

/** A key of a customer out of a text; undefined where the text names nobody, as one of that kind. */
export const identifierOf = (kind: IdentityKind, text: string): Identifier | undefined => {
  if (kind === "email") return emailOf(text)[0]
  if (kind === "phone") return phoneOf(text)[0]
  if (text.length > MAX_IDENTITY) return undefined
  const value = identityOf(text, kind)
  return value === undefined ? undefined : { kind: IdentityKind[kind], value }
}

const identifiersOfTraits = (traits: JsonObject | undefined): Identifier[] => [
  ...emailOf(traits?.email),
  ...phoneOf(traits?.phone),
]

/**
 * Segment's `context.externalIds` and RudderStack's `externalId`: the shop's card, and what else names the customer
 * on every call.
 */
const externalIds = (context: unknown): Identifier[] => {
  const { externalIds, externalId } = (context ?? {}) as { externalIds?: unknown; externalId?: unknown }
  const list = externalIds ?? externalId
  if (!Array.isArray(list)) return []
  return list.slice(0, MOST_EXTERNAL_IDS).flatMap(entry => {
    const { type, id } = (entry ?? {}) as { type?: unknown; id?: unknown }
    if (type === "email") return emailOf(id)
    if (type === "phone") return phoneOf(id)
    if (type !== "loyalty_card") return []
    const value = identityOf(id, "context.externalIds")
    return value === undefined ? [] : [{ kind: IdentityKind.loyalty_card, value }]
  })
}

const identifiersOf = (
  call: Record<string, unknown>,
  kind: CallKind,
  traits: JsonObject | undefined,
): Identifier[] => {
  const identifiers: Identifier[] = []
  const userId = identityOf(call.userId, "userId")
  if (userId !== undefined) identifiers.push({ kind: IdentityKind.user_id, value: userId })
  if (kind === "identify") identifiers.push(...identifiersOfTraits(traits))
  identifiers.push(...externalIds(call.context))
  const anonymousId = identityOf(call.anonymousId, "anonymousId")
  if (anonymousId !== undefined) identifiers.push({ kind: IdentityKind.anonymous_id, value: anonymousId })
  if (userId === undefined && anonymousId === undefined)
    throw new Refused({
      field: "userId",
      text: "or anonymousId must name the customer (empty, 0, null and the like do not)",
    })
  return identifiers
}
