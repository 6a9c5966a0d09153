import { onlineManager } from "@tanstack/react-query"
import { create } from "zustand"

type Connection = { lost: boolean }

export const useConnection = create<Connection>(() => ({ lost: false }))

const pingEveryMs = 2_000
let pinging = false

async function answers(): Promise<boolean> {
  try {
    const response = await fetch("/healthz", { cache: "no-store" })
    return response.ok
  } catch {
    return false
  }
}

function ping(): void {
  setTimeout(async () => {
    if (await answers()) {
      pinging = false
      useConnection.setState({ lost: false })
      // Paused requests go on and everything on screen is asked for again.
      onlineManager.setOnline(true)
    } else ping()
  }, pingEveryMs)
}

/** Tells the app that the server cannot be reached. It asks every 2 s and heals by itself when it answers again. */
export function reportLost(): void {
  useConnection.setState({ lost: true })
  onlineManager.setOnline(false)
  if (pinging) return
  pinging = true
  ping()
}

/** Learns from the browser, too, when the network goes away, before any request fails. */
export function watchNetwork(): void {
  window.addEventListener("offline", reportLost)
}

/** `fetch` that reports a lost connection: no answer at all, or a proxy that says nobody is behind it. */
export const watchedFetch: typeof fetch = async (input, init) => {
  try {
    const response = await fetch(input, init)
    if (response.status === 502 || response.status === 503 || response.status === 504) reportLost()
    return response
  } catch (error) {
    if (!init?.signal?.aborted) reportLost()
    throw error
  }
}
