import { promisify } from "node:util"
import { gunzip } from "node:zlib"
import { parseInstant } from "@viaggio/journey-model"
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify"
import { anyone, withWriteKey } from "../api/access.ts"
import type { CatalogueCollector } from "../catalogue/collect.ts"
import { type Coalescer, DoorFull } from "./coalescer.ts"
import type { Arrival } from "./door.ts"
import { fallbackMessageId } from "./keys.ts"
import { CallKind, type EventMode, type Incoming, modeOf, type Rejection, readCall } from "./message.ts"
import type { RateLimit } from "./rate.ts"

/** Largest request body, as sent and as unpacked. */
export const MAX_BATCH_BYTES = 500 * 1024
const MAX_BATCH_EVENTS = 5_000

/** The workspace that a write key opens. */
export type WriteAccess = { id: number; sandbox: boolean; eventsPerSecond?: number }

export type IngestDeps = {
  coalescer: Coalescer
  catalogue: CatalogueCollector
  /** Resolves a write key; undefined when it opens nothing. */
  authorize(writeKey: string): Promise<WriteAccess | undefined>
  /** How much each workspace may send. */
  limit: RateLimit
  /** Hears how a request's events were answered. */
  onTaken?(workspace: number, events: { accepted: number; duplicates: number; rejected: number }): void
}

type Answer = {
  success: true
  accepted: number
  duplicates: number
  rejected: Rejection[]
}

const unpack = promisify(gunzip)

/**
 * The door: Segment's HTTP API (`/v1/identify` … `/v1/batch`), the write key as basic-auth user. Bad events of
 * a batch are named in a 200, because Segment's clients drop the whole batch at any 400.
 */
export const ingestRoutes = (deps: IngestDeps) => async (fastify: FastifyInstance) => {
  fastify.removeAllContentTypeParsers()
  fastify.addContentTypeParser(
    "*",
    { parseAs: "buffer", bodyLimit: MAX_BATCH_BYTES },
    (_request, body, done) => done(null, body),
  )
  fastify.addHook("onRequest", async (_request, reply) => {
    reply.header("access-control-allow-origin", "*")
    reply.header("access-control-allow-headers", "authorization, content-type, content-encoding")
    reply.header("access-control-max-age", "86400")
  })
  fastify.options("/v1/*", { config: { access: anyone } }, async (_request, reply) =>
    reply.status(204).send(),
  )

  const options = { config: { access: withWriteKey } }
  for (const kind of Object.keys(CallKind) as (keyof typeof CallKind)[])
    fastify.post(`/v1/${kind}`, options, (request, reply) => handle(request, reply, kind))
  fastify.post("/v1/batch", options, (request, reply) => handle(request, reply))
  fastify.post("/v1/import", options, (request, reply) => handle(request, reply, undefined, "history"))

  async function handle(
    request: FastifyRequest,
    reply: FastifyReply,
    kind?: keyof typeof CallKind,
    usualMode?: EventMode,
  ) {
    const body = await bodyOf(request)
    if (body === "too large")
      return problem(reply, 413, "Too large", `A request holds at most ${MAX_BATCH_BYTES / 1024} kB.`)
    const parsed = body === undefined ? undefined : parseJson(body)
    const key = writeKeyOf(request, parsed)
    const access = key === undefined ? undefined : await deps.authorize(key)
    if (access === undefined)
      return problem(
        reply,
        401,
        "Unknown write key",
        "Send the write key of a workspace as the user name of basic authentication.",
      )
    if (parsed === undefined)
      return problem(reply, 400, "Not an object", "The body of the request is not a JSON object.")
    const calls = kind === undefined ? parsed.batch : [parsed]
    if (!Array.isArray(calls))
      return problem(reply, 400, "No batch", 'The body has no "batch": a list of events.')
    if (calls.length > MAX_BATCH_EVENTS)
      return problem(reply, 413, "Too many events", `A batch holds at most ${MAX_BATCH_EVENTS} events.`)
    const waitMs = deps.limit.take(access.id, calls.length, access.eventsPerSecond)
    if (waitMs > 0) {
      reply.header("retry-after", String(Math.ceil(waitMs / 1_000)))
      return problem(reply, 429, "Too many events", "This workspace sends more events a second than it may.")
    }
    const mode = batchModeOf(parsed)
    if (mode === "unknown")
      return problem(reply, 400, "Unknown mode", 'The "mode" of a batch is "live" or "history".')
    try {
      const answer = await take(calls, body!, access, sentAtOf(parsed), kind, mode ?? usualMode)
      deps.onTaken?.(access.id, { ...answer, rejected: answer.rejected.length })
      return reply.send(answer)
    } catch (error) {
      const full = error instanceof DoorFull
      if (!full) request.log.error({ err: error, workspace: access.id }, "events could not be appended")
      reply.header("retry-after", full ? "1" : "2")
      return full
        ? problem(reply, 429, "Too many events", "More events wait than can be held. Send this again.")
        : problem(reply, 503, "Not stored", "The events could not be stored. Send this again.")
    }
  }

  async function take(
    calls: readonly unknown[],
    body: Buffer,
    access: WriteAccess,
    sentAt: number | undefined,
    kind: keyof typeof CallKind | undefined,
    mode: EventMode | undefined,
  ): Promise<Answer> {
    const answer: Answer = { success: true, accepted: 0, duplicates: 0, rejected: [] }
    const events: Incoming[] = []
    let fallback: string | undefined
    for (const [index, call] of calls.entries()) {
      const hasId = typeof (call as { messageId?: unknown } | null)?.messageId === "string"
      if (!hasId) fallback ??= fallbackMessageId(body, 0).slice(0, -2)
      const read = readCall(call, index, hasId ? "" : `${fallback}:${index}`, kind)
      if ("field" in read) answer.rejected.push(read)
      else events.push(read.mode === undefined && mode !== undefined ? { ...read, mode } : read)
    }
    if (events.length === 0) return answer
    const from = {
      workspace: access.id,
      sandbox: access.sandbox,
      ...(sentAt === undefined ? {} : { sentAt }),
    }
    const arrivals = events.map((event): Arrival => ({ ...from, event }))
    const receipts = await deps.coalescer.append(arrivals)
    for (const [i, receipt] of receipts.entries()) {
      const event = events[i]!
      if (receipt.kind === "accepted") {
        answer.accepted += 1
        deps.catalogue.note(access.id, event, receipt.occurredAt)
      } else if (receipt.kind === "duplicate") answer.duplicates += 1
      else {
        const { field, text } = receipt
        answer.rejected.push({ index: event.index, messageId: event.messageId, field, text })
      }
    }
    answer.rejected.sort((a, b) => a.index - b.index)
    return answer
  }
}

const bodyOf = async (request: FastifyRequest): Promise<Buffer | "too large" | undefined> => {
  const body = request.body
  if (!Buffer.isBuffer(body)) return undefined
  if (request.headers["content-encoding"] !== "gzip") return body
  try {
    return await unpack(body, { maxOutputLength: MAX_BATCH_BYTES })
  } catch (error) {
    return (error as { code?: string }).code === "ERR_BUFFER_TOO_LARGE" ? "too large" : undefined
  }
}

const parseJson = (body: Buffer): Record<string, unknown> | undefined => {
  try {
    const parsed: unknown = JSON.parse(body.toString("utf8"))
    return typeof parsed === "object" && parsed !== null && !Array.isArray(parsed)
      ? (parsed as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}

const writeKeyOf = (
  request: FastifyRequest,
  parsed: Record<string, unknown> | undefined,
): string | undefined => {
  const header = request.headers.authorization
  if (header?.startsWith("Basic ")) {
    const user = Buffer.from(header.slice(6), "base64").toString("utf8").split(":")[0]
    return user === "" ? undefined : user
  }
  return typeof parsed?.writeKey === "string" ? parsed.writeKey : undefined
}

/** What stands at the batch holds for those of its events that say nothing themselves. */
const batchModeOf = (parsed: Record<string, unknown>): EventMode | "unknown" | undefined => {
  try {
    return modeOf(parsed.mode)
  } catch {
    return "unknown"
  }
}

const sentAtOf = (parsed: Record<string, unknown>): number | undefined =>
  typeof parsed.sentAt === "string" ? parseInstant(parsed.sentAt) : undefined

const problem = (reply: FastifyReply, status: number, title: string, detail: string) =>
  reply
    .status(status)
    .type("application/problem+json")
    .send({ type: `/problems/${title.toLowerCase().replaceAll(" ", "-")}`, title, status, detail })
