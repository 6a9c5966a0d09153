/** A zone as a person finds it: by the city's name, with the hours from UTC at an instant. */
export type ZoneOption = { value: string; label: string }

/** `Europe/Rome` at an instant → `GMT+1`. */
export function zoneOffset(zone: string, at: number): string {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    timeZoneName: "shortOffset",
  }).formatToParts(at)
  return parts.find(part => part.type === "timeZoneName")?.value ?? ""
}

/** All IANA zones that the browser knows, UTC first. */
export function listZones(at: number): ZoneOption[] {
  const names = Intl.supportedValuesOf("timeZone").filter(name => name !== "UTC")
  return ["UTC", ...names].map(value => ({
    value,
    label: value === "UTC" ? value : `${value.replaceAll("_", " ")} (${zoneOffset(value, at)})`,
  }))
}

/** The zone that this browser lives in. */
export function browserZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone
}
