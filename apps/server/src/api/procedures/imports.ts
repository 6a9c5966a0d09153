import { z } from "zod"
import { delimiters, encodings } from "../../imports/csv.ts"
import type { RunRequest } from "../../imports/imports.ts"
import { mappingSchema } from "../../imports/mapping.ts"
import { forEditor, forViewer, router } from "../trpc.ts"

const ofImport = z.object({ id: z.string().max(100) })
const asRead = { delimiter: z.enum(delimiters).optional(), encoding: z.enum(encodings).optional() }
const runInput = ofImport.extend({ mapping: mappingSchema, ...asRead })

/** Files of customers; they are uploaded at `POST /api/imports`. */
export const importsRouter = router({
  list: forViewer.query(({ ctx }) => ctx.services.imports.list(ctx.workspace)),

  get: forViewer.input(ofImport).query(({ ctx, input }) => ctx.services.imports.get(ctx.workspace, input.id)),

  preview: forViewer
    .input(ofImport.extend(asRead))
    .query(({ ctx, input }) =>
      ctx.services.imports.preview(ctx.workspace, input as Omit<RunRequest, "mapping">),
    ),

  rows: forViewer
    .input(runInput)
    .query(({ ctx, input }) => ctx.services.imports.rows(ctx.workspace, input as RunRequest)),

  /** Says what an import would do, and changes nothing. */
  check: forEditor
    .input(runInput)
    .mutation(({ ctx, input }) =>
      ctx.services.imports.check(ctx.workspace, input as RunRequest, ctx.signedIn.name),
    ),

  start: forEditor
    .input(runInput)
    .mutation(({ ctx, input }) =>
      ctx.services.imports.start(ctx.workspace, input as RunRequest, ctx.signedIn.name),
    ),

  cancel: forEditor
    .input(ofImport)
    .mutation(({ ctx, input }) => ctx.services.imports.cancel(ctx.workspace, input.id)),

  remove: forEditor
    .input(ofImport)
    .mutation(({ ctx, input }) => ctx.services.imports.remove(ctx.workspace, input.id)),

  rejects: forViewer
    .input(ofImport)
    .query(({ ctx, input }) => ctx.services.imports.rejects(ctx.workspace, input.id)),
})
