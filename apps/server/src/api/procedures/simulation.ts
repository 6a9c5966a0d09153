import { z } from "zod"
import { forViewer, router } from "../trpc.ts"

const nameInput = z.string().min(1).max(200)
const namesInput = z.array(nameInput).max(500)

/** What the preview of a draft goes by. */
export const simulationRouter = router({
  rates: forViewer
    .input(z.object({ after: nameInput, events: namesInput }))
    .query(({ ctx, input }) => ctx.services.habits.rates(ctx.workspace, input)),

  sample: forViewer
    .input(
      z.object({
        most: z.number().int().min(1).max(20_000),
        attributes: namesInput.default([]),
        events: namesInput.default([]),
      }),
    )
    .query(({ ctx, input }) => ctx.services.habits.sample(ctx.workspace, input)),
})
