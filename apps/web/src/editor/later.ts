import { type ComponentType, lazy, useEffect, useState } from "react"

// The parts of the editor that are not needed to show the journey: their code comes after the canvas.
const load = {
  inspector: () => import("./inspector/InspectorContent.tsx"),
  picker: () => import("./canvas/NodePicker.tsx"),
  problems: () => import("./problems/ProblemsDrawer.tsx"),
  commands: () => import("./commands/CommandPalette.tsx"),
  connect: () => import("./keyboard/ConnectDialog.tsx"),
  outline: () => import("./outline/Outline.tsx"),
  shortcuts: () => import("./keyboard/ShortcutSheet.tsx"),
  conflict: () => import("./ConflictDialog.tsx"),
  run: () => import("./RunDialog.tsx"),
  walk: () => import("./WalkSide.tsx"),
  numbers: () => import("../live/NumberDrawer.tsx"),
  live: () => import("../live/LiveBar.tsx"),
}

const part = <Props extends object>(from: () => Promise<ComponentType<Props>>) =>
  lazy(async () => ({ default: await from() }))

export const InspectorContent = part(async () => (await load.inspector()).InspectorContent)
export const NodePicker = part(async () => (await load.picker()).NodePicker)
export const ProblemsDrawer = part(async () => (await load.problems()).ProblemsDrawer)
export const CommandPalette = part(async () => (await load.commands()).CommandPalette)
export const ConnectDialog = part(async () => (await load.connect()).ConnectDialog)
export const Outline = part(async () => (await load.outline()).Outline)
export const ShortcutSheet = part(async () => (await load.shortcuts()).ShortcutSheet)
export const ConflictDialog = part(async () => (await load.conflict()).ConflictDialog)
export const RunDialog = part(async () => (await load.run()).RunDialog)
export const LiveBar = part(async () => (await load.live()).LiveBar)
export const NumberDrawer = part(async () => (await load.numbers()).NumberDrawer)
export const WalkSide = part(async () => (await load.walk()).WalkSide)

/**
 * True once the canvas has been painted: what is mounted only then does not stand in its way. All parts are fetched
 * at that time, so that none is waited for when it is opened, and none is missing when the network goes.
 */
export function useAfterCanvas(): boolean {
  const [isAfter, setAfter] = useState(false)
  useEffect(() => {
    let frame = requestAnimationFrame(() => {
      frame = requestAnimationFrame(() => setAfter(true))
    })
    return () => cancelAnimationFrame(frame)
  }, [])
  useEffect(() => {
    // What cannot be had now is asked for again when it is opened.
    if (isAfter) for (const each of Object.values(load)) void each().catch(() => undefined)
  }, [isAfter])
  return isAfter
}
