import type { KeyboardEvent } from "react"

const steps: { [key: string]: number } = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }

/** Arrow keys in a toolbar: it is one tab stop, its first button, and the arrows go on from there. */
export function walkToolbar(event: KeyboardEvent<HTMLElement>): void {
  const step = steps[event.key]
  if (step === undefined) return
  const buttons = [...event.currentTarget.querySelectorAll<HTMLButtonElement>("button")]
  const at = buttons.indexOf(document.activeElement as HTMLButtonElement)
  buttons[(at + step + buttons.length) % buttons.length]?.focus()
  event.preventDefault()
}

/** The tab index of a toolbar's button by its place. */
export const toolbarTab = (index: number): 0 | -1 => (index === 0 ? 0 : -1)
