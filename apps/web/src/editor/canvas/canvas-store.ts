import type { Sentence } from "@viaggio/journey-model"
import { createContext, useContext } from "react"
import { useStore } from "zustand"
import { createStore, type StoreApi } from "zustand/vanilla"
import type { InsertTarget } from "../session/commands.ts"
import type { AlignmentLine } from "./alignment.ts"
import type { Detail } from "./detail.ts"

/** The open node picker: where on the screen, and what it inserts into. */
export type PickerRequest = { x: number; y: number; target: InsertTarget }

/** A connection being drawn: for every node the reason why it may not end there, undefined where it may. */
export type Connecting = {
  from: string
  outcome: string
  refusals: ReadonlyMap<string, Sentence | undefined>
}

/** What the canvas shows for a moment and no document knows. */
export type CanvasState = {
  picker: PickerRequest | undefined
  /** The edge that a dragged palette entry would be spliced into. */
  dropEdge: string | undefined
  connecting: Connecting | undefined
  /** The node whose connections are being chosen from a list (E). */
  connectFrom: string | undefined
  alignment: readonly AlignmentLine[]
  detail: Detail
  /** Nodes that a search has found. */
  found: ReadonlySet<string>
}

export type CanvasStore = StoreApi<CanvasState>

export const createCanvasStore = (): CanvasStore =>
  createStore<CanvasState>()(() => ({
    picker: undefined,
    dropEdge: undefined,
    connecting: undefined,
    connectFrom: undefined,
    alignment: [],
    detail: "near",
    found: new Set(),
  }))

export const CanvasContext = createContext<CanvasStore | undefined>(undefined)

export function useCanvasStore(): CanvasStore {
  const store = useContext(CanvasContext)
  if (!store) throw new Error("useCanvasStore outside of a CanvasContext")
  return store
}

export const useCanvasState = <T>(selector: (state: CanvasState) => T): T =>
  useStore(useCanvasStore(), selector)
