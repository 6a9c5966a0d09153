import { initTRPC } from "@trpc/server"
import type { Problem } from "@viaggio/journey-model"
import type { User } from "../auth/sign-in.ts"
import { Refusal } from "../refusal.ts"
import type { Services } from "../services.ts"
import { toTrpcError } from "./errors.ts"
import { workspaceOfUser } from "./member.ts"

/** What a call brings: the session is looked up only by procedures that ask for it, once per request. */
export type CallContext = {
  services: Services
  user: () => Promise<User | undefined>
  /** Public id in the header `x-workspace`. */
  workspaceId: string | undefined
}

/** Who may call a procedure; the tests walk all of them by it. */
export const Caller = { anyone: "anyone", signedIn: "signed-in", member: "member" } as const
export type Caller = (typeof Caller)[keyof typeof Caller]

/** What the page learns of a refusal beyond its sentence. */
type RefusalData = { kind?: string; problems?: Problem[]; revision?: number }

const t = initTRPC
  .context<CallContext>()
  .meta<{ caller: Caller }>()
  .create({
    errorFormatter({ shape, error }) {
      const data: RefusalData =
        error.cause instanceof Refusal ? { kind: error.cause.kind, ...error.cause.extra } : {}
      const { stack: _, ...usual } = shape.data
      const fault = error.code === "INTERNAL_SERVER_ERROR"
      return { ...shape, message: fault ? "The server failed." : shape.message, data: { ...usual, ...data } }
    },
  })

export const router = t.router

const answering = t.procedure.use(async ({ next }) => {
  const result = await next()
  if (!result.ok && result.error.cause instanceof Refusal) throw toTrpcError(result.error.cause)
  return result
})

/** For anybody, signed in or not. */
export const forAnyone = answering.meta({ caller: Caller.anyone })

/** For signed-in people. */
export const forSignedIn = answering.meta({ caller: Caller.signedIn }).use(async ({ ctx, next }) => {
  const user = await ctx.user()
  if (user === undefined) throw new Refusal("unauthorized", "Sign in first.")
  return next({ ctx: { signedIn: user } })
})

/** For people of the workspace that the header names. */
export const forMember = forSignedIn.meta({ caller: Caller.member }).use(async ({ ctx, next }) => {
  const workspace = await workspaceOfUser(ctx.services, ctx.signedIn, ctx.workspaceId)
  return next({ ctx: { workspace } })
})
