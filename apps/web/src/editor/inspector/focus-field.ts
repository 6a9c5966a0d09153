const fields = "input:not([type=hidden]), textarea, select, button"

// Where one types: a switch that stands above the first such field is not where somebody
// wants to begin, nor is the name of a branch.
const typed = "input:not([type=hidden], [type=radio], [type=checkbox], [readonly], [data-minor])"

/**
 * Puts the focus into the field of an inspector that `at` names: a JSON Pointer into the config (the nearest
 * field above it where it has none of its own), `"name"`, or `"first"`.
 */
export function focusField(panel: HTMLElement, at: string): void {
  const field = at === "first" ? firstField(panel) : fieldAt(panel, at)
  field?.focus()
  field?.scrollIntoView({ block: "nearest" })
  if (field instanceof HTMLInputElement && field.type === "text") field.select()
}

const firstField = (panel: HTMLElement): HTMLElement | null =>
  panel.querySelector<HTMLElement>(`[data-form] :is(${typed}, textarea)`) ??
  panel.querySelector<HTMLElement>("[data-at=name]")

function fieldAt(panel: HTMLElement, at: string): HTMLElement | null {
  let best: HTMLElement | undefined
  for (const element of panel.querySelectorAll<HTMLElement>("[data-at]")) {
    const own = element.dataset.at ?? ""
    if (own !== at && !at.startsWith(`${own}/`)) continue
    if ((best?.dataset.at ?? "").length <= own.length) best = element
  }
  if (!best) return firstField(panel)
  return best.matches(fields) ? best : best.querySelector<HTMLElement>(fields)
}
