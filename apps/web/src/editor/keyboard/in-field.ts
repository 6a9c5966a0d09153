/** Whether a key belongs to a field, a list or a dialog rather than to the shortcuts. */
export function isInField(target: EventTarget | null): boolean {
  return (
    target instanceof Element &&
    target.closest(
      "input, textarea, select, [contenteditable=true], [role=dialog], [role=menu], [role=listbox], [role=combobox]",
    ) !== null
  )
}

/** The one modifier that stands for Ctrl on most keyboards and for Cmd on a Mac's. */
export const hasCommand = (event: { ctrlKey: boolean; metaKey: boolean }): boolean =>
  event.ctrlKey || event.metaKey
