import { useQuery } from "@tanstack/react-query"
import { useApi } from "../app/api.ts"

/** From a journey's key to the name that people gave it; the key itself while names are on the way. */
export function useJourneyName(): (key: string) => string {
  const api = useApi()
  const journeys = useQuery(api.journeys.list.queryOptions())
  return key => journeys.data?.find(journey => journey.key === key)?.name ?? key
}
