/** The end of a switch over a closed set: a new member does not compile until every switch knows it. */
export function assertNever(value: never): never {
  throw new Error(`Not in the set: ${JSON.stringify(value)}`)
}
