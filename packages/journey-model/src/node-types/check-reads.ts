import { checkContextPath, unseenAttribute, unseenProperty } from "../conditions/check.ts"
import { joinPath, splitPath } from "../values/path.ts"
import type { Problem } from "../values/problem.ts"
import type { CheckContext } from "./definition.ts"

const unseen = (
  reads: readonly string[][],
  start: readonly string[],
  known: { [path: string]: unknown },
): string[] => {
  const names = reads
    .filter(path => start.every((segment, index) => path[index] === segment))
    .map(path => path[start.length])
    .filter(name => name !== undefined)
  const isKnown = (name: string): boolean => Object.keys(known).some(path => splitPath(path)[0] === name)
  return [...new Set(names)].filter(name => !isKnown(name))
}

/** Names that the templates at one place read, and that nobody has seen or nothing has set. */
export function checkReads(reads: readonly string[][], at: string, context: CheckContext): Problem[] {
  const { node, knowledge, entryEvent = "" } = context
  const { attributes, events } = knowledge
  const event = events && Object.hasOwn(events, entryEvent) ? events[entryEvent] : undefined
  const names = reads.flatMap(([root, ...rest]) =>
    root === "context" && rest.length > 0 ? [joinPath(rest)] : [],
  )
  return [
    ...(attributes ? unseen(reads, ["profile"], attributes) : []).map(attribute =>
      unseenAttribute(attribute, { node, at }, Object.keys(attributes ?? {})),
    ),
    ...(event ? unseen(reads, ["entry", "properties"], event.properties) : []).map(property =>
      unseenProperty(property, entryEvent, { node, at }, Object.keys(event?.properties ?? {})),
    ),
    ...[...new Set(names)].flatMap(name => checkContextPath(name, { ...context, at })),
  ]
}
