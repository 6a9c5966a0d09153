import { useQuery } from "@tanstack/react-query"
import { useEffect, useState } from "react"
import { useApi } from "./api.ts"
import { useWorkspace } from "./workspace.ts"

const tickMs = 30_000

/** This computer's clock, epoch ms: the one place of the web app that reads it. */
export const realNow = (): number => Date.now()

/** The present instant outside of every sandbox, in epoch ms, good to half a minute. */
export function useRealNow(): number {
  const [now, setNow] = useState(realNow)
  useEffect(() => {
    const timer = setInterval(() => setNow(realNow()), tickMs)
    return () => clearInterval(timer)
  }, [])
  return now
}

/** The sandbox's clock (epoch ms), asked for every few seconds; undefined in a workspace that lives in real time. */
export function useSandboxNow(): number | undefined {
  const api = useApi()
  const workspace = useWorkspace()
  const clock = useQuery(
    api.clock.get.queryOptions(undefined, { enabled: workspace.sandbox, refetchInterval: 5_000 }),
  )
  if (!workspace.sandbox) return undefined
  const now = clock.data?.now ?? workspace.now
  return now === undefined ? undefined : new Date(now).getTime()
}

/** The workspace's present instant in epoch ms: the sandbox's clock, else real time, good to half a minute. */
export function useNow(): number {
  const real = useRealNow()
  return useSandboxNow() ?? real
}
