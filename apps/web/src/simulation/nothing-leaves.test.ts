import { describe, expect, it } from "vitest"

const sources = import.meta.glob<string>(["./*.ts", "./*.tsx", "!./*.test.ts"], {
  query: "?raw",
  import: "default",
  eager: true,
})

// Ways out of a page, and the modules of the app that have one.
const waysOut = [
  /\bfetch\b/,
  /XMLHttpRequest/,
  /EventSource/,
  /WebSocket/,
  /sendBeacon/,
  /app\/(api|account|connection)\.ts/,
  /@trpc\//,
  /@tanstack\/react-query/,
]

describe("the simulation", () => {
  it("is there", () => {
    expect(Object.keys(sources).length).toBeGreaterThan(5)
  })

  it.each(Object.entries(sources))("has no way out of the browser in %s", (_path, source) => {
    expect(waysOut.filter(way => way.test(source))).toEqual([])
  })
})
