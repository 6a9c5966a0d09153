import { type DestinationStream, destination, type Logger, pino } from "pino"
import { errorCode } from "./db/connect.ts"

/** What a line may say of an error: what it is and where, nothing of the data that it met. */
type LoggedError = {
  type: string
  message: string
  code?: string
  table?: string
  constraint?: string
  stack?: string
  cause?: LoggedError
}

const MOST_CAUSES = 4
const MOST_LETTERS = 300

/** Quoted pieces and addresses are what an error repeats of its input; quotes may stand inside of quotes. */
const withoutData = (text: string): string =>
  text
    .split("\n")[0]!
    .replace(/["'`“].*["'`”]/, "…")
    .replace(/[^\s<>()[\],;:]+@[^\s<>()[\],;:]+/g, "…")
    .slice(0, MOST_LETTERS)

/** The calls of a stack, without the message above them. */
const framesOf = (stack: string | undefined): string[] =>
  (stack ?? "").split("\n").flatMap(line => (/^\s+at /.test(line) ? [line.trim()] : []))

const loggedError = (error: unknown, depth = 0): unknown => {
  if (!(error instanceof Error)) return error
  const { name, message, stack, cause } = error
  const { table_name: table, constraint_name: constraint } = error as {
    table_name?: unknown
    constraint_name?: unknown
  }
  // drizzle puts a statement and all its values into the message; the statement alone says enough.
  const statement = /^Failed query: ([\s\S]*?)(\nparams:|$)/.exec(message)?.[1]
  const code = errorCode(error)
  const logged: LoggedError = {
    type: name,
    message:
      statement === undefined
        ? withoutData(message)
        : `Failed query: ${statement.replace(/\s+/g, " ").slice(0, MOST_LETTERS)}`,
    stack: framesOf(stack).join("\n"),
    ...(code === undefined ? {} : { code }),
    ...(typeof table === "string" ? { table } : {}),
    ...(typeof constraint === "string" ? { constraint } : {}),
  }
  if (cause !== undefined && depth < MOST_CAUSES) {
    const inner = loggedError(cause, depth + 1)
    if (cause instanceof Error) logged.cause = inner as LoggedError
  }
  return logged
}

/** An error that was kept as text, with its stack: its first line without data, and its calls. */
const loggedText = (text: unknown): unknown =>
  typeof text === "string" ? [withoutData(text), ...framesOf(text)].join("\n") : loggedError(text)

/** Requests by route, never by address: a path or a query may name a customer. */
const loggedRequest = (request: { method?: string; routeOptions?: { url?: string | undefined } }) => ({
  method: request.method,
  route: request.routeOptions?.url ?? "none",
})

/** One JSON object a line, without personal data and secrets, to standard error. */
export const createLog = (level: string, to: DestinationStream = destination(2)): Logger =>
  pino(
    {
      level,
      serializers: { err: loggedError, error: loggedText, req: loggedRequest },
    },
    to,
  )
