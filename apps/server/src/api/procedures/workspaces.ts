import { formatInstant } from "@viaggio/journey-model"
import { z } from "zod"
import {
  identitiesSchema,
  inDoubtSchema,
  languageSchema,
  nameSchema,
  senderSchema,
  stubSchema,
  zoneSchema,
} from "../../workspaces/service.ts"
import { instantInput } from "../inputs.ts"
import { forOwner, forViewer, router } from "../trpc.ts"

const workspaceFields = { name: nameSchema, zone: zoneSchema, language: languageSchema }

export const workspacesRouter = router({
  /** A workspace beside the one that the header names, for its owner alone. */
  create: forOwner
    .input(z.object({ ...workspaceFields, sandbox: z.boolean(), startAt: instantInput.optional() }))
    .mutation(async ({ ctx, input }) => {
      const { startAt, ...rest } = input
      const draft = startAt === undefined ? rest : { ...rest, startAt }
      return { id: (await ctx.services.workspaces.create(draft, ctx.signedIn.id)).publicId }
    }),

  get: forViewer.query(({ ctx }) => {
    const { publicId, name, zone, language, sandbox, settings } = ctx.workspace
    const incoming = ctx.services.workspaces.incoming(ctx.workspace)
    return { id: publicId, name, zone, language, sandbox, settings, incoming, smtp: ctx.services.smtp }
  }),

  update: forOwner
    .input(
      z
        .object({
          ...workspaceFields,
          sender: senderSchema,
          inDoubt: inDoubtSchema,
          webhookStub: stubSchema,
          trustLate: z.boolean(),
          eventsPerSecond: z.number().int().min(1).max(1_000_000),
          identities: identitiesSchema,
        })
        .partial(),
    )
    .mutation(async ({ ctx, input }) => {
      await ctx.services.workspaces.update(ctx.workspace, definedOf(input))
    }),
})

/** What webhooks of a workspace are signed with. */
export const webhooksRouter = router({
  secret: forOwner.query(({ ctx }) => ctx.services.webhookSecrets.show(ctx.workspace.id)),
  rotate: forOwner.mutation(({ ctx }) => ctx.services.webhookSecrets.rotate(ctx.workspace.id)),
})

export const keysRouter = router({
  list: forViewer.query(async ({ ctx }) => {
    const keys = await ctx.services.keys.list(ctx.workspace)
    return keys.map(key => ({
      ...key,
      createdAt: formatInstant(key.createdAt),
      lastUsedAt: key.lastUsedAt === null ? null : formatInstant(key.lastUsedAt),
    }))
  }),

  create: forOwner
    .input(z.object({ kind: z.enum(["api", "write"]), name: nameSchema }))
    .mutation(({ ctx, input }) => ctx.services.keys.create(ctx.workspace, input.kind, input.name)),

  revoke: forOwner
    .input(z.object({ id: z.uuid() }))
    .mutation(({ ctx, input }) => ctx.services.keys.revoke(ctx.workspace, input.id)),
})

type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> }

/** Without the fields that were given as undefined. */
function definedOf<T extends object>(input: T): Defined<T> {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined)) as Defined<T>
}
