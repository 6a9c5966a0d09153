import { z } from "zod"
import { forEditor, forViewer, router } from "../trpc.ts"

const idInput = z.object({ id: z.string().min(1).max(500) })

export const setAsideRouter = router({
  list: forViewer.query(({ ctx }) => ctx.services.stuck.list(ctx.workspace)),

  tryAgain: forEditor
    .input(idInput)
    .mutation(({ ctx, input }) => ctx.services.stuck.tryAgain(ctx.workspace, input.id)),

  skip: forEditor
    .input(idInput)
    .mutation(({ ctx, input }) => ctx.services.stuck.skip(ctx.workspace, input.id)),
})
