import { initTRPC, type TRPCError } from "@trpc/server"
import type { Problem } from "@viaggio/journey-model"
import { z } from "zod"
import type { User } from "../auth/sign-in.ts"
import { Refusal } from "../refusal.ts"
import type { Services } from "../services.ts"
import { Role } from "../workspaces/roles.ts"
import { type Access, anyone, memberAs } from "./access.ts"
import { refusalOfStorage, toTrpcError } from "./errors.ts"
import { refuseInput } from "./input-problems.ts"
import { workspaceOfUser } from "./member.ts"

/** What a call brings: the session is looked up only by procedures that ask for it, once per request. */
export type CallContext = {
  services: Services
  user: () => Promise<User | undefined>
  /** Public id in the header `x-workspace`. */
  workspaceId: string | undefined
  /** Where the call comes from, for limits of tries. */
  address: string
}

/** What the page learns of a refusal beyond its sentence. */
type RefusalData = { kind?: string; problems?: Problem[]; revision?: number }

const t = initTRPC
  .context<CallContext>()
  .meta<{ access: Access }>()
  .create({
    errorFormatter({ shape, error }) {
      const data: RefusalData =
        error.cause instanceof Refusal ? { kind: error.cause.kind, ...error.cause.extra } : {}
      const { stack: _, ...usual } = shape.data
      const message = error.cause instanceof Refusal ? error.cause.message : sayFault(error)
      return { ...shape, message, data: { ...usual, ...data } }
    },
  })

/** What the library itself finds wrong with a call, in our words. */
function sayFault({ code, message }: TRPCError): string {
  switch (code) {
    case "INTERNAL_SERVER_ERROR":
      return "The server failed."
    case "PARSE_ERROR":
    case "BAD_REQUEST":
      return "The input is not JSON that this procedure reads."
    case "NOT_FOUND":
      return "There is no such procedure."
    case "METHOD_NOT_SUPPORTED":
      return "Queries are asked by GET, changes by POST."
    case "UNSUPPORTED_MEDIA_TYPE":
      return "Send the input as application/json."
    default:
      return message
  }
}

export const router = t.router

const answering = t.procedure.use(async ({ next }) => {
  const result = await next()
  if (result.ok) return result
  const { cause } = result.error
  if (cause instanceof Refusal) throw toTrpcError(cause)
  if (cause instanceof z.core.$ZodError) throw toTrpcError(refuseInput(cause.issues))
  const unstorable = refusalOfStorage(cause)
  if (unstorable !== undefined) throw toTrpcError(unstorable)
  return result
})

/** For anybody, signed in or not. */
export const forAnyone = answering.meta({ access: anyone })

/** For signed-in people. */
export const forSignedIn = answering.meta({ access: { by: "session" } }).use(async ({ ctx, next }) => {
  const user = await ctx.user()
  if (user === undefined) throw new Refusal("unauthorized", "Sign in first.")
  return next({ ctx: { signedIn: user } })
})

/** For people of the workspace that the header names, with at least that role. */
const forMember = (role: Role) =>
  forSignedIn.meta({ access: memberAs(role) }).use(async ({ ctx, next }) => {
    const workspace = await workspaceOfUser(ctx.services, ctx.signedIn, ctx.workspaceId, role)
    return next({ ctx: { workspace } })
  })

/** For everybody in the workspace: what only reads. */
export const forViewer = forMember(Role.viewer)

/** For who works on journeys and customers. */
export const forEditor = forMember(Role.editor)

/** For who decides about the workspace itself: its settings, members and keys. */
export const forOwner = forMember(Role.owner)

/** For who decides about the whole installation, all its workspaces together. */
export const forAdministrator = forOwner
  .meta({ access: { by: "member", role: Role.owner, administrator: true } })
  .use(async ({ ctx, next }) => {
    if (!(await ctx.services.workspaces.isAdministrator(ctx.signedIn.id)))
      throw new Refusal("forbidden", "Only owners of this installation's first workspace may do this.")
    return next()
  })
