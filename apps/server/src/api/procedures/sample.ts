import { z } from "zod"
import { forEditor, forOwner, forViewer, router } from "../trpc.ts"

/** A made-up shop to look at; it may come with a workspace of its own, which is why an owner opens it. */
export const sampleStoreRouter = router({
  get: forViewer.query(({ ctx }) => ctx.services.sampleStore.get(ctx.workspace)),

  start: forOwner
    .input(z.object({ where: z.enum(["sandbox", "here"]), language: z.enum(["en", "it"]) }))
    .mutation(({ ctx, input }) => ctx.services.sampleStore.start(ctx.workspace, input, ctx.signedIn.name)),

  stop: forEditor.mutation(({ ctx }) => ctx.services.sampleStore.stop(ctx.workspace)),
})
