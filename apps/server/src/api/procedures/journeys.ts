import { formatInstant } from "@viaggio/journey-model"
import { z } from "zod"
import type { NumberAsked } from "../../monitor/behind.ts"
import { nameSchema } from "../../workspaces/service.ts"
import { keyInput, limitInput, perMinuteInput, versionInput } from "../inputs.ts"
import { forEditor, forViewer, router } from "../trpc.ts"

const noFigures = { entered24h: 0, inside: 0, ended: 0, failed: 0 }
const revisionInput = z.number().int().min(1)
const ofJourney = z.object({ key: keyInput })

const idInput = z.string().min(1).max(63)
const ofNumber = {
  key: keyInput,
  version: versionInput.optional(),
  node: idInput.optional(),
  before: z.string().max(200).optional(),
  limit: limitInput.optional(),
}
const numberInput = z.discriminatedUnion("kind", [
  z.object({ ...ofNumber, kind: z.enum(["inside", "failed", "entered"]) }),
  z.object({ ...ofNumber, kind: z.literal("outcome"), node: idInput, outcome: idInput }),
  z.object({ ...ofNumber, kind: z.literal("ended"), reason: idInput.optional() }),
  z.object({
    ...ofNumber,
    kind: z.literal("messages"),
    state: z.enum(["queued", "sent", "refused", "bounced", "opened", "clicked", "unsubscribed"]),
  }),
])

export const journeysRouter = router({
  list: forViewer.query(async ({ ctx }) => {
    const [journeys, summaries] = await Promise.all([
      ctx.services.journeys.list(ctx.workspace),
      ctx.services.stats.summaries(ctx.workspace),
    ])
    return journeys.map(journey => ({
      key: journey.key,
      name: journey.name,
      status: journey.status,
      version: journey.version,
      revision: journey.revision,
      ...(summaries.get(journey.id) ?? noFigures),
      updatedAt: formatInstant(journey.updatedAt),
      changed: journey.publishedHash !== null && journey.publishedHash !== journey.hash,
    }))
  }),

  get: forViewer.input(ofJourney).query(async ({ ctx, input }) => {
    const found = await ctx.services.journeys.get(ctx.workspace, input.key)
    const { document, revision, status, version, publishedHash, hash, updatedAt } = found
    return { document, revision, status, version, publishedHash, hash, updatedAt: formatInstant(updatedAt) }
  }),

  create: forEditor
    .input(z.object({ name: nameSchema, document: z.unknown().optional() }))
    .mutation(({ ctx, input }) => ctx.services.journeys.create(ctx.workspace, input.name, input.document)),

  duplicate: forEditor
    .input(ofJourney.extend({ name: nameSchema.optional() }))
    .mutation(({ ctx, input }) => ctx.services.journeys.duplicate(ctx.workspace, input.key, input.name)),

  remove: forEditor
    .input(ofJourney)
    .mutation(({ ctx, input }) => ctx.services.journeys.remove(ctx.workspace, input.key)),

  save: forEditor
    .input(z.object({ key: keyInput, document: z.unknown(), revision: revisionInput }))
    .mutation(async ({ ctx, input }) => {
      const options = { revision: input.revision }
      const saved = await ctx.services.journeys.save(ctx.workspace, input.key, input.document, options)
      const { revision, hash, problems, savedAt } = saved
      return { revision, hash, problems, savedAt: formatInstant(savedAt) }
    }),

  publish: forEditor
    .input(z.object({ key: keyInput, revision: revisionInput, note: z.string().max(1_000).optional() }))
    .mutation(async ({ ctx, input }) => {
      const published = await ctx.services.journeys.publish(ctx.workspace, input.key, {
        revision: input.revision,
        by: ctx.signedIn.id,
        ...(input.note === undefined ? {} : { note: input.note }),
      })
      return { ...published, publishedAt: formatInstant(published.publishedAt) }
    }),

  pause: forEditor
    .input(ofJourney)
    .mutation(({ ctx, input }) => ctx.services.runs.pause(ctx.workspace, input.key)),
  resume: forEditor
    .input(ofJourney.extend({ perMinute: perMinuteInput.optional() }))
    .mutation(({ ctx, input }) => ctx.services.runs.resume(ctx.workspace, input.key, input.perMinute)),
  stop: forEditor
    .input(ofJourney)
    .mutation(({ ctx, input }) => ctx.services.runs.stop(ctx.workspace, input.key)),

  versions: forViewer.input(ofJourney).query(async ({ ctx, input }) => {
    const versions = await ctx.services.journeys.versions(ctx.workspace, input.key)
    return versions.map(version => ({ ...version, publishedAt: formatInstant(version.publishedAt) }))
  }),

  version: forViewer
    .input(z.object({ key: keyInput, number: z.number().int().min(1) }))
    .query(({ ctx, input }) => ctx.services.journeys.version(ctx.workspace, input.key, input.number)),

  stats: forViewer
    .input(z.object({ key: keyInput, version: versionInput.optional() }))
    .query(({ ctx, input }) => ctx.services.stats.journey(ctx.workspace, input.key, input.version ?? "all")),

  /** Whom the draft would have let in lately, and who is inside. */
  impact: forViewer.input(ofJourney).query(async ({ ctx, input }) => {
    const { workspace, services } = ctx
    const { document } = await services.journeys.get(workspace, input.key)
    const [impact, versions] = await Promise.all([
      services.impact.of(workspace, document),
      services.stats.insideByVersion(workspace, input.key),
    ])
    return { ...impact, versions, inside: versions.reduce((sum, version) => sum + version.inside, 0) }
  }),

  /** The newest customers behind a number of the canvas. */
  customers: forViewer.input(numberInput).query(({ ctx, input }) => {
    const { version, ...asked } = input
    return ctx.services.behind.customers(ctx.workspace, {
      ...asked,
      version: version ?? "all",
    } as NumberAsked)
  }),
})
