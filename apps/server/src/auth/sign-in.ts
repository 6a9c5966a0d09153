import { betterAuth } from "better-auth"
import type { Db } from "../db/client.ts"
import { authAdapter } from "./store.ts"

/** A signed-in person; `session` is the id of the session that says so. */
export type User = { id: string; name: string; email: string; session: string }

export type SignInOptions = {
  db: Db
  secret: string
  /** Where people reach the server; absent: wherever the request says. */
  publicUrl?: string
  onError: (message: string) => void
}

/** Header in which our own route tells better-auth the client's address; a client's own is overwritten. */
export const addressHeader = "x-viaggio-address"
/** Path under which better-auth answers. */
export const authPath = "/api/auth"
export const shortestPassword = 10
export const longestPassword = 128

/** Sessions by e-mail and password. Accounts are made by the set-up and by invitations, never by signing up. */
export function createSignIn(options: SignInOptions) {
  const secure = options.publicUrl?.startsWith("https:") ?? false
  const auth = betterAuth({
    database: authAdapter(options.db),
    secret: options.secret,
    ...(options.publicUrl ? { baseURL: options.publicUrl } : {}),
    basePath: authPath,
    // The request's own host: a foreign page cannot choose it, so equal origins are ours.
    trustedOrigins: request => (request ? [new URL(request.url).origin] : []),
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: shortestPassword,
      maxPasswordLength: longestPassword,
    },
    // Tries are limited by attempts.ts, by account as well and with one count for all processes.
    rateLimit: { enabled: false },
    advanced: {
      cookiePrefix: "viaggio",
      useSecureCookies: secure,
      defaultCookieAttributes: { httpOnly: true, sameSite: "lax", secure },
      ipAddress: { ipAddressHeaders: [addressHeader] },
    },
    telemetry: { enabled: false },
    logger: { level: "error", log: (_level, message) => options.onError(message) },
  })

  return {
    /** Answers a request below `/api/auth`. */
    handle: (request: Request): Promise<Response> => auth.handler(request),

    async userOf(headers: Headers): Promise<User | undefined> {
      const session = await auth.api.getSession({ headers })
      if (session === null) return undefined
      const { id, name, email } = session.user
      return { id, name, email, session: session.session.id }
    },

    async hashPassword(password: string): Promise<string> {
      return (await auth.$context).password.hash(password)
    },

    async isPassword(password: string, hash: string): Promise<boolean> {
      return (await auth.$context).password.verify({ password, hash })
    },
  }
}

export type SignIn = ReturnType<typeof createSignIn>
