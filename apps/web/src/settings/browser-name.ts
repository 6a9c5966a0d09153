const browsers: [mark: RegExp, name: string][] = [
  [/\bEdgA?\//, "Edge"],
  [/\bOPR\//, "Opera"],
  [/\bFirefox\/|\bFxiOS\//, "Firefox"],
  [/\b(Headless)?Chrome\/|\bCriOS\//, "Chrome"],
  [/\bSafari\//, "Safari"],
]
const systems: [mark: RegExp, name: string][] = [
  [/\b(iPhone|iPad)\b/, "iOS"],
  [/\bAndroid\b/, "Android"],
  [/\bWindows\b/, "Windows"],
  [/\bMac OS X\b/, "macOS"],
  [/\bLinux\b|\bX11\b/, "Linux"],
]

/** `Firefox, Windows` from what a browser says of itself; undefined when it says nothing that we know. */
export function browserName(userAgent: string | null): string | undefined {
  const nameIn = (list: [RegExp, string][]) => list.find(([mark]) => mark.test(userAgent ?? ""))?.[1]
  const names = [nameIn(browsers), nameIn(systems)].filter(name => name !== undefined)
  return names.length > 0 ? names.join(", ") : undefined
}
