import { createContext, useContext } from "react"
import { useStore } from "zustand"
import { realNow } from "../app/now.ts"
import {
  type AudienceState,
  type AudienceStore,
  type AudienceWorker,
  createAudienceStore,
} from "./audience-store.ts"
import type { AudienceTell } from "./audience-work.ts"

/** More would take memory from the page without being faster on most machines. */
const mostWorkers = 4

const startWorker = (): AudienceWorker => {
  const worker = new Worker(new URL("./audience-worker.ts", import.meta.url), { type: "module" })
  return {
    post: ask => worker.postMessage(ask),
    onTell: take =>
      worker.addEventListener("message", (event: MessageEvent<AudienceTell>) => take(event.data)),
    onError: take => worker.addEventListener("error", event => take(event.message)),
    end: () => worker.terminate(),
  }
}

/** The audience preview of this page: its workers start with the first run. */
export const createPageAudience = (): AudienceStore =>
  createAudienceStore({
    startWorker,
    workers: Math.max(1, Math.min(mostWorkers, navigator.hardwareConcurrency || 1)),
    now: realNow,
  })

const unused = createAudienceStore({ startWorker, workers: 1, now: realNow })
export const AudienceContext = createContext<AudienceStore>(unused)

export const useAudience = (): AudienceStore => useContext(AudienceContext)

export function useAudienceState<T>(selector: (state: AudienceState) => T): T {
  return useStore(useAudience().store, selector)
}
