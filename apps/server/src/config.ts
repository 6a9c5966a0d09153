import { createPrivateKey } from "node:crypto"
import { readFileSync } from "node:fs"
import { resolve } from "node:path"
import { z } from "zod"

export const LogLevel = {
  debug: "debug",
  info: "info",
  warn: "warn",
  error: "error",
  silent: "silent",
} as const
export type LogLevel = (typeof LogLevel)[keyof typeof LogLevel]

/** What one process does of the whole. */
export const Role = { all: "all", web: "web", worker: "worker" } as const
export type Role = (typeof Role)[keyof typeof Role]

/** What the operator can choose, from the environment; the only place that reads it. */
export type Config = {
  port: number
  role: Role
  /** Absolute folder of everything that must be kept. */
  dataFolder: string
  /** The operator's own PostgreSQL; absent: the shipped one. */
  databaseUrl?: string
  adminKey?: string
  /** Opens `/metrics` to those who do not ask from this machine. */
  metricsKey?: string
  smtpUrl?: string
  /** Connections to the mail server at once. */
  smtpConnections?: number
  /** Most messages in a second, over all processes. */
  smtpPerSecond?: number
  /** Signs outgoing mail; `privateKey` in PEM. */
  dkim?: { domain: string; selector: string; privateKey: string }
  /** Without a slash at its end, e.g. `https://journeys.example.com`. */
  publicUrl?: string
  /** Webhooks may also go to addresses inside the operator's own network. */
  webhookPrivate?: true
  logLevel: LogLevel
}

/** A variable with a value that cannot be used; the message is one sentence that names it. */
export class BadConfig extends Error {
  override name = "BadConfig"
}

/** libpq's notation for a socket, `postgres://user@/database?host=/folder`, has no host for the URL standard. */
const withHost = (text: string) => text.replace(/^([a-z]+:\/\/(?:[^/?#@]*@)?)(?=\/)/, "$1localhost")

const url = (schemes: string[], example: string) =>
  z
    .string()
    .refine(
      text =>
        URL.canParse(withHost(text)) &&
        schemes.includes(new URL(withHost(text)).protocol) &&
        /^[a-z]+:\/\/\S+$/.test(text),
      `must be a URL such as ${example}`,
    )

const count = (most: number) =>
  z
    .string()
    .refine(
      text => /^\d{1,7}$/.test(text) && Number(text) >= 1 && Number(text) <= most,
      `must be a number from 1 to ${most}`,
    )
    .transform(Number)

const domain = z
  .string()
  .regex(/^(?=.{1,253}$)([a-z0-9-]{1,63}\.)+[a-z0-9-]{2,63}$/i, "must be a domain such as shop.example.com")

const secret = z
  .string()
  .regex(
    /^[\x21-\x39\x3b-\x7e]{16,200}$/,
    "must have 16 to 200 letters, digits or signs, without spaces and colons",
  )

const variables = z.object({
  PORT: z
    .string()
    .refine(text => /^\d{1,5}$/.test(text) && Number(text) <= 65_535, "must be a port from 0 to 65535")
    .transform(Number)
    .default(3000),
  VIAGGIO_DATA: z
    .string()
    .refine(text => !text.includes("\0"), "must be a folder")
    .default(".viaggio"),
  DATABASE_URL: url(["postgres:", "postgresql:"], "postgres://user:password@host/database").optional(),
  VIAGGIO_ADMIN_KEY: secret.optional(),
  VIAGGIO_METRICS_KEY: secret.optional(),
  VIAGGIO_SMTP_URL: url(["smtp:", "smtps:"], "smtp://user:password@host:587").optional(),
  VIAGGIO_SMTP_CONNECTIONS: count(200).optional(),
  VIAGGIO_SMTP_PER_SECOND: count(100_000).optional(),
  VIAGGIO_DKIM_DOMAIN: domain.optional(),
  VIAGGIO_DKIM_SELECTOR: z
    .string()
    .regex(/^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$/i, "must be a DKIM selector such as mail2026")
    .optional(),
  VIAGGIO_DKIM_KEY_FILE: z.string().optional(),
  VIAGGIO_PUBLIC_URL: url(["http:", "https:"], "https://journeys.example.com")
    .refine(
      text => !URL.canParse(text) || (/^\/?$/.test(new URL(text).pathname) && new URL(text).search === ""),
      "must have no path",
    )
    .transform(text => new URL(text).origin)
    .optional(),
  VIAGGIO_WEBHOOK_PRIVATE: z.enum(["refuse", "allow"], "must be refuse or allow").default("refuse"),
  VIAGGIO_ROLE: z.enum(Role, "must be all, web or worker").default("all"),
  VIAGGIO_LOG: z.enum(LogLevel, "must be debug, info, warn, error or silent").default("info"),
})

/** Reads the configuration; an empty variable counts as absent. Throws BadConfig at the first bad value. */
export function readConfig(environment: Record<string, string | undefined> = process.env): Config {
  const given = Object.fromEntries(
    Object.keys(variables.shape).flatMap(name => (environment[name] ? [[name, environment[name]]] : [])),
  )
  const result = variables.safeParse(given)
  if (!result.success) {
    const [issue] = result.error.issues
    throw new BadConfig(`${issue?.path.join(".")} ${issue?.message}${notThat(issue?.path[0], given)}.`)
  }
  const read = result.data
  checkRole(read)
  return {
    port: read.PORT,
    role: read.VIAGGIO_ROLE,
    dataFolder: resolve(read.VIAGGIO_DATA),
    logLevel: read.VIAGGIO_LOG,
    ...(read.VIAGGIO_WEBHOOK_PRIVATE === "allow" ? { webhookPrivate: true } : {}),
    ...(read.DATABASE_URL ? { databaseUrl: read.DATABASE_URL } : {}),
    ...(read.VIAGGIO_ADMIN_KEY ? { adminKey: read.VIAGGIO_ADMIN_KEY } : {}),
    ...(read.VIAGGIO_METRICS_KEY ? { metricsKey: read.VIAGGIO_METRICS_KEY } : {}),
    ...(read.VIAGGIO_SMTP_URL ? { smtpUrl: read.VIAGGIO_SMTP_URL } : {}),
    ...(read.VIAGGIO_SMTP_CONNECTIONS ? { smtpConnections: read.VIAGGIO_SMTP_CONNECTIONS } : {}),
    ...(read.VIAGGIO_SMTP_PER_SECOND ? { smtpPerSecond: read.VIAGGIO_SMTP_PER_SECOND } : {}),
    ...dkimOf(read),
    ...(read.VIAGGIO_PUBLIC_URL ? { publicUrl: read.VIAGGIO_PUBLIC_URL } : {}),
  }
}

/** The shipped database belongs to one process, which therefore does everything. */
function checkRole(read: {
  VIAGGIO_ROLE: Role
  DATABASE_URL?: string | undefined
  VIAGGIO_PUBLIC_URL?: string | undefined
}): void {
  if (read.VIAGGIO_ROLE === Role.all) return
  if (read.DATABASE_URL === undefined)
    throw new BadConfig(
      `VIAGGIO_ROLE is “${read.VIAGGIO_ROLE}”, so DATABASE_URL must name the PostgreSQL that all processes share; the one that comes with Viaggio works with VIAGGIO_ROLE=all only.`,
    )
  if (read.VIAGGIO_ROLE === Role.worker && read.VIAGGIO_PUBLIC_URL === undefined)
    throw new BadConfig(
      "VIAGGIO_ROLE is “worker”, so VIAGGIO_PUBLIC_URL must be the address of the web process: links in messages lead there.",
    )
}

type DkimVariables = {
  VIAGGIO_DKIM_DOMAIN?: string | undefined
  VIAGGIO_DKIM_SELECTOR?: string | undefined
  VIAGGIO_DKIM_KEY_FILE?: string | undefined
}

/** All three variables, or none. */
function dkimOf(read: DkimVariables): Pick<Config, "dkim"> {
  const { VIAGGIO_DKIM_DOMAIN: domain, VIAGGIO_DKIM_SELECTOR: selector, VIAGGIO_DKIM_KEY_FILE: file } = read
  if (domain === undefined && selector === undefined && file === undefined) return {}
  if (domain === undefined || selector === undefined || file === undefined)
    throw new BadConfig(
      "VIAGGIO_DKIM_DOMAIN, VIAGGIO_DKIM_SELECTOR and VIAGGIO_DKIM_KEY_FILE go together; one of them is missing.",
    )
  try {
    const privateKey = readFileSync(file, "utf8")
    createPrivateKey(privateKey)
    return { dkim: { domain, selector, privateKey } }
  } catch {
    throw new BadConfig(
      `VIAGGIO_DKIM_KEY_FILE must be a readable file with a private key in PEM, not “${file}”.`,
    )
  }
}

/** Keys and URLs with passwords are not repeated in a log. */
const secrets: PropertyKey[] = [
  "VIAGGIO_ADMIN_KEY",
  "VIAGGIO_METRICS_KEY",
  "DATABASE_URL",
  "VIAGGIO_SMTP_URL",
]

function notThat(name: PropertyKey | undefined, given: Record<string, unknown>): string {
  return name === undefined || secrets.includes(name)
    ? " (the value is not shown here, because it may hold a secret)"
    : `, not “${String(given[String(name)])}”`
}
