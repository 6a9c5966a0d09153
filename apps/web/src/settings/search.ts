export const settingsTabs = [
  "general",
  "sender",
  "suppressions",
  "members",
  "keys",
  "events",
  "webhooks",
  "workspaces",
  "clock",
  "account",
] as const
export type SettingsTab = (typeof settingsTabs)[number]

/** What the address of the settings keeps: the tab that is open; the first one needs no word. */
export type SettingsSearch = { tab?: SettingsTab }

export function readSearch(search: Record<string, unknown>): SettingsSearch {
  const tab = settingsTabs.find(each => each === search.tab)
  return tab ? { tab } : {}
}
