import { z } from "zod"
import { keyInput } from "../inputs.ts"
import { forAdministrator, forEditor, router } from "../trpc.ts"

export const statusRouter = router({
  get: forEditor.query(({ ctx }) => ctx.services.operation.status.get(ctx.workspace)),

  /** After a restore: takes in the journal of what was sent since the backup. */
  reconcile: forAdministrator.mutation(({ ctx }) => ctx.services.hold.reconcile()),

  /** After a restore: everything goes on, without what these journeys were to send between the backup and now. */
  release: forAdministrator
    .input(z.object({ skip: z.array(keyInput).max(10_000), skipOthers: z.boolean() }))
    .mutation(({ ctx, input }) => ctx.services.hold.release(ctx.workspace, input)),
})
