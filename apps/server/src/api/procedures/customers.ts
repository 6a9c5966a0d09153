import { conditionSchema, formatInstant } from "@viaggio/journey-model"
import { z } from "zod"
import type { CustomerFilter, PageRequest } from "../../answers.ts"
import { addressInput, advanceInput, keyInput, pageFields, targetOf } from "../inputs.ts"
import { forEditor, forOwner, forViewer, router } from "../trpc.ts"

const idInput = z.string().min(1).max(500)

export const catalogueRouter = router({
  list: forViewer.query(({ ctx }) => ctx.services.catalogue.list(ctx.workspace)),
})

export const customersRouter = router({
  list: forViewer
    .input(
      z.object({
        search: z.string().max(200).optional(),
        inside: keyInput.optional(),
        consent: z.enum(["subscribed", "unsubscribed", "suppressed", "no-address"]).optional(),
        condition: conditionSchema.optional(),
        ...pageFields,
      }),
    )
    .query(({ ctx, input }) => ctx.services.profiles.list(ctx.workspace, input as CustomerFilter)),

  /** How many customers a condition holds for now, and some of them. */
  count: forViewer
    .input(z.object({ condition: conditionSchema }))
    .query(({ ctx, input }) => ctx.services.matching.count(ctx.workspace, input.condition)),

  get: forViewer
    .input(z.object({ id: idInput }))
    .query(({ ctx, input }) => ctx.services.profiles.get(ctx.workspace, input.id)),

  /** What templates can say of a customer. */
  facts: forViewer
    .input(z.object({ id: idInput, event: z.string().min(1).max(200).optional() }))
    .query(({ ctx, input }) => ctx.services.profiles.facts(ctx.workspace, input.id, input.event)),

  timeline: forViewer.input(z.object({ id: idInput, ...pageFields })).query(({ ctx, input }) => {
    const { id, ...page } = input
    return ctx.services.profiles.timeline(ctx.workspace, id, page as PageRequest)
  }),
})

const suppressionReasonInput = z.enum(["unsubscribed", "bounced", "complained", "by-hand"])

export const suppressionsRouter = router({
  list: forViewer
    .input(z.object({ search: z.string().max(320).optional(), ...pageFields }))
    .query(({ ctx, input }) =>
      ctx.services.suppressions.list(ctx.workspace, input as PageRequest & { search?: string }),
    ),

  add: forEditor
    .input(z.object({ address: addressInput }))
    .mutation(({ ctx, input }) =>
      ctx.services.suppressions.addByHand(ctx.workspace, input.address, ctx.signedIn.name),
    ),

  remove: forEditor
    .input(z.object({ address: addressInput, reason: suppressionReasonInput.optional() }))
    .mutation(({ ctx, input }) =>
      ctx.services.suppressions.remove(ctx.workspace, input.address, input.reason),
    ),
})

export const providersRouter = router({
  list: forViewer.query(({ ctx }) => ctx.services.providers.list(ctx.workspace)),

  /** Where a mail provider tells of bounces and complaints, and the secret that it signs with. */
  callback: forOwner.query(({ ctx }) => ctx.services.callbacks.show(ctx.workspace)),
})

export const clockRouter = router({
  get: forViewer.query(async ({ ctx }) => {
    const { sandbox, now } = await ctx.services.clock.get(ctx.workspace)
    return { sandbox, now: formatInstant(now) }
  }),

  advance: forEditor.input(advanceInput).mutation(async ({ ctx, input }) => {
    const { now } = await ctx.services.clock.get(ctx.workspace)
    return ctx.services.clock.advance(ctx.workspace, targetOf(input, now))
  }),
})
