/** The id of the element that stands for a node: its card on the canvas, or its row in the outline. */
export const cardElementId = (node: string): string => `card-${node}`

/** What has the keys of the journey: the canvas, or the outline. */
const journeyView = "[data-journey-canvas], [data-journey-outline]"

export const focusJourneyView = (): void =>
  document.querySelector<HTMLElement>(journeyView)?.focus({ preventScroll: true })
