import { useTranslation } from "react-i18next"
import { isApiError } from "./api.ts"
import { answeredStatus } from "./query-client.ts"

/** What happened and what to do, in the person's language; `detail` is the server's own sentence, where it adds something. */
export type ErrorText = { title: string; advice: string; detail?: string }

const kinds = {
  400: "invalid",
  401: "signedOut",
  403: "forbidden",
  404: "notFound",
  409: "conflict",
  412: "conflict",
  413: "tooLarge",
  422: "invalid",
  429: "tooMany",
} as const

type Kind = (typeof kinds)[keyof typeof kinds] | "offline" | "server" | "unknown"

export function errorKind(error: unknown): Kind {
  const status = answeredStatus(error)
  if (status !== undefined) {
    const known = Object.entries(kinds).find(([code]) => Number(code) === status)
    return known ? known[1] : "server"
  }
  return isApiError(error) || error instanceof TypeError ? "offline" : "unknown"
}

export function useErrorText(): (error: unknown) => ErrorText {
  const { t } = useTranslation("app")
  return error => {
    const kind = errorKind(error)
    const text = { title: t(`errors.${kind}.title`), advice: t(`errors.${kind}.advice`) }
    const said = isApiError(error) && kind !== "offline" && kind !== "server" ? error.message : ""
    return said ? { ...text, detail: said } : text
  }
}

/** Whether the server names that field (a JSON pointer into the input, `/present`) as what does not fit. */
export function inputProblem(error: unknown, at: string): boolean {
  return isApiError(error) && (error.data?.problems?.some(problem => problem.at === at) ?? false)
}
