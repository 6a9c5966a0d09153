import { formatInstant } from "@viaggio/journey-model"
import { z } from "zod"
import { languageSchema, nameSchema, zoneSchema } from "../../workspaces/service.ts"
import { passwordInput, tokenInput } from "../inputs.ts"
import { forAnyone, forSignedIn, router } from "../trpc.ts"

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
      workspaces: workspaces.map(({ workspace, role }) => {
        const { publicId, name, zone, language, sandbox, clockNow } = workspace
        const now = clockNow === undefined ? {} : { now: formatInstant(clockNow) }
        return { id: publicId, name, zone, language, sandbox, role, ...now }
      }),
    }
  }),
})

export const setupRouter = router({
  /** Whether a link still makes the owner, before the form is filled in. */
  check: forAnyone
    .input(z.object({ token: tokenInput }))
    .query(async ({ ctx, input }) => ({ valid: await ctx.services.setUp.isToken(input.token) })),

  complete: forAnyone
    .input(
      z.object({
        token: tokenInput,
        name: nameSchema,
        email: z.email().max(254),
        password: passwordInput,
        workspace: z.object({ name: nameSchema, zone: zoneSchema, language: languageSchema }),
      }),
    )
    .mutation(({ ctx, input }) => ctx.services.setUp.complete(input)),
})

/** What signed-in people see and change of their own account. */
export const accountRouter = router({
  sessions: forSignedIn.query(async ({ ctx }) => {
    const sessions = await ctx.services.account.sessions(ctx.signedIn)
    return sessions.map(({ id, address, userAgent, createdAt, usedAt }) => ({
      id,
      address,
      userAgent,
      createdAt: formatInstant(createdAt),
      usedAt: formatInstant(usedAt),
      here: id === ctx.signedIn.session,
    }))
  }),

  endSession: forSignedIn
    .input(z.object({ id: z.string().min(1).max(200) }))
    .mutation(({ ctx, input }) => ctx.services.account.endSession(ctx.signedIn, input.id)),

  endOtherSessions: forSignedIn.mutation(async ({ ctx }) => ({
    ended: await ctx.services.account.endOtherSessions(ctx.signedIn),
  })),

  changePassword: forSignedIn
    .input(z.object({ present: z.string().min(1).max(200), next: passwordInput }))
    .mutation(({ ctx, input }) =>
      ctx.services.account.changePassword(ctx.signedIn, ctx.address, input.present, input.next),
    ),
})
