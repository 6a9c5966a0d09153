import postgres from "postgres"
import { openWhole } from "./whole-socket.ts"

type ConnectOptions = NonNullable<Parameters<typeof postgres>[1]>

/**
 * A postgres.js client for a URL, also for a Unix socket in libpq's notation
 * (`postgres://viaggio@/viaggio?host=/tmp/viaggio-1000-ab12`), which postgres.js itself does not read.
 * A client that is handed to drizzle must not be used directly as well: drizzle replaces its date parsers
 * and JSON serialisers.
 */
export function connect(url: string, options: ConnectOptions = {}): postgres.Sql {
  const match = /^([a-z]+:\/\/)([^/?#@]*@)?\/([^?#]*)\?(.*)$/.exec(url)
  const query = new URLSearchParams(match?.[4] ?? "")
  const socketFolder = query.get("host")
  const quiet = {
    onnotice: () => {},
    keep_alive: 5,
    backoff: backOffSeconds,
    ...(isPlain(url) ? { socket: openWhole } : {}),
    ...options,
  }
  if (match === null || socketFolder === null) return postgres(url, quiet)
  query.delete("host")
  const rest = query.size > 0 ? `?${query}` : ""
  return postgres(`${match[1]}${match[2] ?? ""}localhost/${match[3]}${rest}`, {
    ...quiet,
    host: socketFolder,
  })
}

/** One server, and not by TLS, which the driver lays over a connection by itself. */
const isPlain = (url: string): boolean => !/[?&]ssl/.test(url) && !/^[^?]*@?[^/?]*,/.test(url)

/** The driver's own back-off grows to 20 seconds, long after a database that was away is there again. */
const backOffSeconds = (retries: number): number => Math.min(1, 2 ** retries / 100)

/** The same server's URL with another database. */
export function withDatabase(url: string, database: string): string {
  return url.replace(/^([a-z]+:\/\/[^/?#]*\/)[^?#]*/, `$1${database}`)
}

/** SQLSTATE or system error code of anything thrown by the driver, else undefined. */
export function errorCode(error: unknown): string | undefined {
  for (let at = error; at instanceof Error; at = at.cause) {
    const code = (at as { code?: unknown }).code
    if (typeof code === "string") return code
  }
  return undefined
}
