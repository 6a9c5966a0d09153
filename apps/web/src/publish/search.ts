/** What of the page is in its address: `version`, when that one is to be rolled back to. */
export function readSearch(search: Record<string, unknown>): { version?: number } {
  const version = Number(search.version)
  return Number.isInteger(version) && version > 0 ? { version } : {}
}
