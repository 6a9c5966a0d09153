import { useEffect, useState } from "react"
import { realNow } from "../app/now.ts"
import { useWorkspace } from "../app/workspace.ts"
import { followLive, type Live, type LiveSource } from "../live/live-store.ts"
import type { VersionChoice } from "../live/numbers.ts"
import { useSessionState } from "./session/session-context.ts"

/** The stream of counts while the overlay is on; a draft that was never published has none. */
export function useLive(journeyKey: string, isPublished: boolean, version: VersionChoice): Live | undefined {
  const workspace = useWorkspace()
  const on = useSessionState(state => state.open.live) && isPublished
  const [live, setLive] = useState<Live | undefined>()
  useEffect(() => {
    if (!on) return
    const address = `/api/live/journeys/${journeyKey}?workspace=${encodeURIComponent(workspace.id)}&version=${version}`
    const opened = followLive({
      open: () => new EventSource(address) as LiveSource,
      now: realNow,
      after(delayMs, run) {
        const timer = setTimeout(run, delayMs)
        return () => clearTimeout(timer)
      },
      onNetwork(tell) {
        const listening = new AbortController()
        for (const network of ["offline", "online"] as const)
          window.addEventListener(network, () => tell(network), { signal: listening.signal })
        return () => listening.abort()
      },
    })
    setLive(opened)
    return () => {
      opened.close()
      setLive(undefined)
    }
  }, [on, journeyKey, workspace.id, version])
  return live
}
