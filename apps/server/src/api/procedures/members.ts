import { formatInstant } from "@viaggio/journey-model"
import { z } from "zod"
import type { MadeInvitation } from "../../auth/invitations.ts"
import { Role } from "../../workspaces/roles.ts"
import { nameSchema } from "../../workspaces/service.ts"
import { passwordInput, tokenInput } from "../inputs.ts"
import { forAnyone, forOwner, forViewer, router } from "../trpc.ts"

const userInput = z.object({ userId: z.string().min(1).max(100) })
const idInput = z.object({ id: z.uuid() })

/** Who belongs to the workspace; everybody in it may know. */
export const membersRouter = router({
  list: forViewer.query(async ({ ctx }) => {
    const members = await ctx.services.members.list(ctx.workspace)
    return members.map(({ since, ...member }) => ({
      ...member,
      since: formatInstant(since),
      you: member.userId === ctx.signedIn.id,
    }))
  }),

  changeRole: forOwner
    .input(userInput.extend({ role: z.enum(Role) }))
    .mutation(({ ctx, input }) => ctx.services.members.changeRole(ctx.workspace, input.userId, input.role)),

  remove: forOwner
    .input(userInput)
    .mutation(({ ctx, input }) => ctx.services.members.remove(ctx.workspace, input.userId)),

  /** Leaves the workspace oneself. */
  leave: forViewer.mutation(({ ctx }) => ctx.services.members.remove(ctx.workspace, ctx.signedIn.id)),
})

/** `link` is told here and never again. */
const toMade = ({ id, link, expiresAt, mailed }: MadeInvitation) => ({
  id,
  link,
  expiresAt: formatInstant(expiresAt),
  mailed,
})

export const invitationsRouter = router({
  list: forOwner.query(async ({ ctx }) => {
    const invitations = await ctx.services.invitations.list(ctx.workspace)
    return invitations.map(({ id, email, role, invitedBy, createdAt, expiresAt, mailedAt }) => ({
      id,
      email,
      role,
      invitedBy,
      createdAt: formatInstant(createdAt),
      expiresAt: formatInstant(expiresAt),
      mailedAt: mailedAt === null ? null : formatInstant(mailedAt),
    }))
  }),

  create: forOwner
    .input(z.object({ email: z.email().max(254), role: z.enum(Role) }))
    .mutation(async ({ ctx, input }) =>
      toMade(await ctx.services.invitations.create(ctx.workspace, ctx.signedIn, input.email, input.role)),
    ),

  /** Makes a new link; the earlier one ends. */
  resend: forOwner
    .input(idInput)
    .mutation(async ({ ctx, input }) =>
      toMade(await ctx.services.invitations.resend(ctx.workspace, ctx.signedIn, input.id)),
    ),

  revoke: forOwner
    .input(idInput)
    .mutation(({ ctx, input }) => ctx.services.invitations.revoke(ctx.workspace, input.id)),

  /** What the holder of a link is invited to. */
  view: forAnyone.input(z.object({ token: tokenInput })).query(async ({ ctx, input }) => {
    const { expiresAt, ...view } = await ctx.services.invitations.view(input.token)
    return { ...view, expiresAt: formatInstant(expiresAt) }
  }),

  accept: forAnyone
    .input(
      z.object({
        token: tokenInput,
        /** For an address that has no account yet. */
        account: z.object({ name: nameSchema, password: passwordInput }).optional(),
      }),
    )
    .mutation(async ({ ctx, input }) =>
      ctx.services.invitations.accept(input.token, await ctx.user(), input.account),
    ),
})
