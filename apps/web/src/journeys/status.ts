/** Where a journey is in its life; the colour follows the word, never the other way round. */
export const journeyStatuses = ["draft", "live", "paused", "stopped"] as const
export type JourneyStatus = (typeof journeyStatuses)[number]

export const statusTone = {
  draft: "exit",
  live: "entry",
  paused: "wait",
  stopped: "exit",
} as const satisfies Record<JourneyStatus, string>
