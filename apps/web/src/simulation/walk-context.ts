import { createContext, useContext } from "react"
import { useStore } from "zustand"
import { createWalkStore, type WalkState, type WalkStore } from "./walk-store.ts"

export const WalkContext = createContext<WalkStore>(createWalkStore())

export const useWalkStore = (): WalkStore => useContext(WalkContext)

export function useWalkState<T>(selector: (state: WalkState) => T): T {
  return useStore(useWalkStore().store, selector)
}

/** How a card is marked by the walk: the customer stands there, has been there, or neither. */
export const useWalkMark = (node: string): "here" | "passed" | undefined =>
  useWalkState(({ marks }) => (marks.here === node ? "here" : marks.passed.has(node) ? "passed" : undefined))

export const useWalkedEdge = (edge: string): boolean => useWalkState(state => state.marks.edges.has(edge))
