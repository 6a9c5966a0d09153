import { expect, test } from "vitest"
import { createProgress } from "./progress.mjs"

function written(isTTY, steps) {
  const texts = []
  const progress = createProgress({ total: 4, stream: { isTTY, write: text => texts.push(text) } })
  for (const [done, note] of steps) progress.show(done, note)
  progress.end()
  return texts
}

test("a terminal gets a bar on one line", () => {
  const texts = written(true, [
    [1, "2010-12-01"],
    [4, "2011-08-31"],
  ])
  const [first, last] = texts.map(text => text.split("\r\x1b[K")[1])
  expect(first).toMatch(/^█{7}░{23} {2}25 % {2}2010-12-01 {2}\d+ s, \d+ s to go$/)
  expect(last).toMatch(/^█{30} 100 % {2}2011-08-31/)
  expect(texts.at(-1)).toBe("\n")
})

test("elsewhere it is a line now and then, and always the last one", () => {
  const texts = written(false, [
    [1, "a"],
    [2, "b"],
    [3, "c"],
    [4, "d"],
  ])
  expect(texts.map(text => text.trim().split("  ")[1])).toEqual(["a", "d"])
  expect(texts.every(text => text.endsWith("\n") && !text.includes("\r"))).toBe(true)
})
