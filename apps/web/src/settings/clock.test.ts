import { expect, it } from "vitest"
import { advanceTo } from "./clock.ts"

const to = "2026-12-01T00:00:00.000Z"
const answer = (steps: number, done: boolean) => ({ now: to, events: 1, steps, messages: 2, done })

it("asks until the server is done and sums up", async () => {
  const answers = [answer(10, false), answer(5, false), answer(1, true)]
  const seen: number[] = []
  const sum = await advanceTo(
    to,
    async () => answers.shift()!,
    ({ steps }) => seen.push(steps),
    new AbortController().signal,
  )
  expect(sum).toEqual({ events: 3, steps: 16, messages: 6 })
  expect(seen).toEqual([10, 15, 16])
  expect(answers).toEqual([])
})

it("stops between two requests when told to", async () => {
  const stop = new AbortController()
  let asked = 0
  const sum = await advanceTo(
    to,
    async () => {
      asked++
      return answer(1, false)
    },
    ({ steps }) => steps === 2 && stop.abort(),
    stop.signal,
  )
  expect({ asked, sum }).toEqual({ asked: 2, sum: { events: 2, steps: 2, messages: 4 } })
})
