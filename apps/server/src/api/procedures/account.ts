import { formatInstant } from "@viaggio/journey-model"
import { z } from "zod"
import { shortestPassword } from "../../auth/sign-in.ts"
import { languageSchema, nameSchema, senderSchema, zoneSchema } from "../../workspaces/service.ts"
import { instantInput } from "../inputs.ts"
import { forAnyone, forMember, forSignedIn, router } from "../trpc.ts"

const workspaceFields = { name: nameSchema, zone: zoneSchema, language: languageSchema }

export const sessionRouter = router({
  get: forAnyone.query(async ({ ctx }) => {
    const user = await ctx.user()
    const [setUp, workspaces] = await Promise.all([
      ctx.services.setUp.isDone(),
      user ? ctx.services.workspaces.ofUser(user.id) : [],
    ])
    return {
      user: user ? { name: user.name, email: user.email } : null,
      setUp,
      workspaces: workspaces.map(({ publicId, name, zone, language, sandbox, clockNow }) => ({
        id: publicId,
        name,
        zone,
        language,
        sandbox,
        ...(clockNow === undefined ? {} : { now: formatInstant(clockNow) }),
      })),
    }
  }),
})

export const setupRouter = router({
  complete: forAnyone
    .input(
      z.object({
        token: z.string().min(1).max(200),
        name: nameSchema,
        email: z.email().max(254),
        password: z.string().min(shortestPassword).max(128),
        workspace: z.object(workspaceFields),
      }),
    )
    .mutation(({ ctx, input }) => ctx.services.setUp.complete(input)),
})

export const workspacesRouter = router({
  create: forSignedIn
    .input(z.object({ ...workspaceFields, sandbox: z.boolean(), startAt: instantInput.optional() }))
    .mutation(async ({ ctx, input }) => {
      const { startAt, ...rest } = input
      const draft = startAt === undefined ? rest : { ...rest, startAt }
      return { id: (await ctx.services.workspaces.create(draft, ctx.signedIn.id)).publicId }
    }),

  get: forMember.query(({ ctx }) => {
    const { publicId, name, zone, language, sandbox, settings } = ctx.workspace
    return { id: publicId, name, zone, language, sandbox, settings, smtp: ctx.services.smtp }
  }),

  update: forMember
    .input(z.object({ ...workspaceFields, sender: senderSchema }).partial())
    .mutation(async ({ ctx, input }) => {
      await ctx.services.workspaces.update(ctx.workspace, definedOf(input))
    }),
})

export const keysRouter = router({
  list: forMember.query(async ({ ctx }) => {
    const keys = await ctx.services.keys.list(ctx.workspace)
    return keys.map(key => ({
      ...key,
      createdAt: formatInstant(key.createdAt),
      lastUsedAt: key.lastUsedAt === null ? null : formatInstant(key.lastUsedAt),
    }))
  }),

  create: forMember
    .input(z.object({ kind: z.enum(["api", "write"]), name: nameSchema }))
    .mutation(({ ctx, input }) => ctx.services.keys.create(ctx.workspace, input.kind, input.name)),

  revoke: forMember
    .input(z.object({ id: z.uuid() }))
    .mutation(({ ctx, input }) => ctx.services.keys.revoke(ctx.workspace, input.id)),
})

type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> }

/** Without the fields that were given as undefined. */
function definedOf<T extends object>(input: T): Defined<T> {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined)) as Defined<T>
}
