import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from "fastify"
import type { ZodTypeProvider } from "fastify-type-provider-zod"
import type { Workspace } from "../../workspaces/workspace.ts"

declare module "fastify" {
  interface FastifyRequest {
    /** The workspace of the API key; set for every route of the public API but its description. */
    workspace: Workspace
  }
}

/** A server whose routes' zod schemas check, type and describe them. */
export type TypedServer = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  ZodTypeProvider
>
