import { nodeTypes } from "../node-types/registry.ts"
import type { Journey } from "./document.ts"
import { defaultSettings } from "./settings.ts"

/** A journey with an entry and nothing else, to be drawn on. */
export function newJourney({ key, name }: { key: string; name: string }): Journey {
  const entry = nodeTypes["event-entry"]
  return {
    format: 1,
    key,
    name,
    settings: defaultSettings,
    nodes: [{ id: "start", type: entry.type, version: entry.version, config: entry.defaults() }],
    edges: [],
    layout: { start: [0, 0] },
  }
}
