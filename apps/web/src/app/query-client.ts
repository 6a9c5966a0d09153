import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query"
import { isApiError } from "./api.ts"

/** The HTTP status that the server answered with; undefined when there was no answer. */
export function answeredStatus(error: unknown): number | undefined {
  if (!isApiError(error)) return undefined
  const data: unknown = error.data
  if (typeof data !== "object" || data === null || !("httpStatus" in data)) return undefined
  return typeof data.httpStatus === "number" ? data.httpStatus : undefined
}

const signedOutListeners = new Set<() => void>()

/** Calls back when the server says that the session is over; returns the function that stops listening. */
export function onSignedOut(listener: () => void): () => void {
  signedOutListeners.add(listener)
  return () => signedOutListeners.delete(listener)
}

function noticeSignedOut(error: unknown): void {
  if (answeredStatus(error) === 401) for (const listener of signedOutListeners) listener()
}

/** The one cache of what the server said. */
export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: noticeSignedOut }),
  mutationCache: new MutationCache({ onError: noticeSignedOut }),
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      // A refusal is an answer: asking again changes nothing. No answer is worth another try.
      retry: (failures, error) => {
        const status = answeredStatus(error)
        if (status === undefined) return failures < 3
        return status >= 500 && failures < 1
      },
    },
  },
})
