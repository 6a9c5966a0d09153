import type { JourneyStats } from "@viaggio/journey-model"
import { createContext, useContext } from "react"
import { useStore } from "zustand"
import { createStore } from "zustand/vanilla"
import type { Live, LiveState, NodeStats } from "./live-store.ts"

/** The numbers on the canvas; undefined while the overlay is off. */
export const LiveContext = createContext<Live | undefined>(undefined)

const off = createStore<LiveState>()(() => ({
  connection: "connecting",
  stats: undefined,
  heardAt: undefined,
}))

/** A part of the live state; undefined values while the overlay is off. */
export function useLiveState<T>(selector: (state: LiveState) => T): T {
  return useStore(useContext(LiveContext)?.store ?? off, selector)
}

/** The counts of one node; the component renders again only when these change. */
export const useNodeStats = (node: string): NodeStats | undefined =>
  useLiveState(state => state.stats?.nodes[node])

export const useTotals = (): JourneyStats["totals"] | undefined => useLiveState(state => state.stats?.totals)
