import { useQuery } from "@tanstack/react-query"

/** Why the server cannot do its work, as `/readyz` says it; that address needs neither a session nor the database. */
export type NotReady = { reason: "database-away" | "migrations-missing"; detail: string; since: string }

const isNotReady = (answer: unknown): answer is NotReady =>
  typeof answer === "object" &&
  answer !== null &&
  "reason" in answer &&
  (answer.reason === "database-away" || answer.reason === "migrations-missing")

async function readReadiness(): Promise<NotReady | "ready" | "silent"> {
  try {
    const response = await fetch("/readyz", { cache: "no-store" })
    if (response.ok) return "ready"
    const answer: unknown = await response.json()
    return isNotReady(answer) ? answer : "silent"
  } catch {
    return "silent"
  }
}

/** Asked every two seconds while somebody wants to know, online or not. */
export function useReadiness(enabled: boolean): NotReady | "ready" | "silent" | undefined {
  const { data } = useQuery({
    queryKey: ["readiness"],
    queryFn: readReadiness,
    enabled,
    networkMode: "always",
    refetchInterval: 2_000,
    staleTime: 0,
  })
  return enabled ? data : undefined
}
