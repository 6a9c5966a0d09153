import { z } from "zod"
import type { MessageFilter } from "../../answers.ts"
import type { TestOrder } from "../../channels/test-mails.ts"
import { senderSchema } from "../../workspaces/service.ts"
import { instantText, keyInput, messageStateInput, pageFields, replayFields } from "../inputs.ts"
import { forEditor, forViewer, router } from "../trpc.ts"

const idInput = z.string().min(1).max(500)
const longText = z.string().max(1024 * 1024)
const testInput = z.object({
  content: z.object({
    subject: z.string().max(10_000),
    preheader: z.string().max(10_000).optional(),
    html: longText,
    text: longText.optional(),
    from: senderSchema.optional(),
  }),
  journey: keyInput.optional(),
  node: z.string().max(63).optional(),
  customer: idInput.optional(),
  entry: z
    .object({ name: z.string().max(200), at: instantText, properties: z.record(z.string(), z.json()) })
    .optional(),
})

export const messagesRouter = router({
  list: forViewer
    .input(
      z.object({
        journey: keyInput.optional(),
        node: z.string().max(63).optional(),
        userId: idInput.optional(),
        state: messageStateInput.optional(),
        inDoubt: z.boolean().optional(),
        ...pageFields,
      }),
    )
    .query(({ ctx, input }) => ctx.services.messages.list(ctx.workspace, input as MessageFilter)),

  get: forViewer
    .input(z.object({ id: idInput }))
    .query(({ ctx, input }) => ctx.services.messages.get(ctx.workspace, input.id)),

  /** Sends a draft's e-mail to the member who asks. */
  sendTest: forEditor.input(testInput).mutation(async ({ ctx, input }) => {
    const { id, to, via, subject } = await ctx.services.testMails.send(
      ctx.workspace,
      ctx.signedIn,
      input as TestOrder,
    )
    return { id, to, via, subject }
  }),

  /** The newest mails that members sent to themselves. */
  tests: forViewer.query(({ ctx }) => ctx.services.testMails.list(ctx.workspace)),

  replay: forEditor.input(z.object({ id: idInput, ...replayFields })).mutation(({ ctx, input }) => {
    const { id, to, template } = input
    const order = { template, ...(to === undefined ? {} : { to }) }
    return ctx.services.messages.replay(ctx.workspace, id, order, ctx.signedIn.name)
  }),
})
