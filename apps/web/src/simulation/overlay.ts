import { createContext, type ReactNode, useContext } from "react"
import { useStore } from "zustand"
import { createStore, type StoreApi } from "zustand/vanilla"
import type { Live } from "../live/live-store.ts"
import type { Numbers } from "../live/numbers.ts"

/**
 * What a preview lays over the canvas: its counts in the place of the live ones, what a press on one of them opens,
 * a bar that says so, and the nodes to which nobody came. The canvas knows no more of the preview than this, whose
 * code comes only when it is opened.
 */
export type Overlay = { live: Live; numbers: Numbers; bar: ReactNode; never: ReadonlySet<string> }

type OverlayStore = StoreApi<{ overlay: Overlay | undefined }>

export const createOverlay = (): OverlayStore => createStore(() => ({ overlay: undefined }))

export const OverlayContext = createContext<OverlayStore>(createOverlay())

/** The overlay that lies over the canvas, if one does. */
export const useOverlay = (): Overlay | undefined => useStore(useContext(OverlayContext)).overlay

/** Whether nobody of the simulated audience came to a node. */
export const useNeverReached = (node: string): boolean =>
  useStore(useContext(OverlayContext), state => state.overlay?.never.has(node) ?? false)
