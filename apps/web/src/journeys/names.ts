import { useQuery } from "@tanstack/react-query"
import { useApi } from "../app/api.ts"

/** The server takes no longer name. */
const longestName = 120

/**
 * A name for a copy that no journey has yet, as `say` puts it into words: "Welcome (copy)", then "Welcome (copy 2)".
 * A name that would be too long loses its end, not what tells the copy from its original.
 */
export function copyName(
  name: string,
  taken: readonly string[],
  say: (name: string, number: number) => string,
): string {
  for (let number = 1; ; number += 1) {
    const room = longestName - say("", number).length
    const said = say(name.length > room ? `${name.slice(0, room - 1).trimEnd()}…` : name, number)
    if (!taken.includes(said)) return said
  }
}

/** From a journey's key to the name that people gave it; the key itself while names are on the way. */
export function useJourneyName(): (key: string) => string {
  const api = useApi()
  const journeys = useQuery(api.journeys.list.queryOptions())
  return key => journeys.data?.find(journey => journey.key === key)?.name ?? key
}
