import { useEffect } from "react"
import type { EditorAction } from "../commands/use-actions.ts"
import { hasCommand, isInField } from "./in-field.ts"

/** Whether a press is the one that an action is bound to, e.g. `Mod+Shift+z`. */
function fits(event: KeyboardEvent, binding: string): boolean {
  const parts = binding.split("+")
  const key = parts.at(-1)
  const wants = (modifier: string) => parts.slice(0, -1).includes(modifier)
  // "?" needs Shift on most keyboards, and on some it does not.
  const isSign = key !== undefined && /^[^a-z0-9]$/i.test(key)
  return (
    event.key.toLowerCase() === key?.toLowerCase() &&
    hasCommand(event) === wants("Mod") &&
    event.altKey === wants("Alt") &&
    (isSign || event.shiftKey === wants("Shift"))
  )
}

/** The shortcuts that hold wherever the focus is, except in a field; Mod+K and Mod+F hold there too. */
export function useEditorShortcuts(actions: readonly EditorAction[]): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented) return
      const inField = isInField(event.target)
      const action = actions.find(
        ({ keys, alsoInFields }) => (!inField || alsoInFields) && keys?.some(binding => fits(event, binding)),
      )
      if (!action) return
      event.preventDefault()
      if (action.isPossible !== false) action.run()
    }
    window.addEventListener("keydown", onKey)
    return () => window.removeEventListener("keydown", onKey)
  }, [actions])
}
