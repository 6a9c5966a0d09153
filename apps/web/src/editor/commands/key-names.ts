const isMac = typeof navigator !== "undefined" && /Mac|iP(hone|ad)/.test(navigator.platform)

/** The keys of a binding as they stand on the keyboard: `Mod+Shift+z` is Ctrl, Shift, Z. */
export const keyNames = (binding: string): string[] =>
  binding
    .split(/\+(?=.)/)
    .map(key => (key === "Mod" ? (isMac ? "Cmd" : "Ctrl") : key.length === 1 ? key.toUpperCase() : key))
