import { type Journey, layoutJourney } from "@viaggio/journey-model"

/** Lays out the journeys that it is sent, one answer for each. */
self.addEventListener("message", (event: MessageEvent<{ id: number; journey: Journey }>) => {
  const { id, journey } = event.data
  self.postMessage({ id, positions: layoutJourney(journey) })
})
