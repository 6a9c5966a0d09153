import { expect, it } from "vitest"
import { createTurnstile } from "./turnstile.ts"

const gate = () => {
  let open = () => {}
  const opened = new Promise<void>(resolve => {
    open = resolve
  })
  return { open: () => open(), opened }
}

it("lets what runs alone wait for the others, and the others for it", async () => {
  const turnstile = createTurnstile()
  const told: string[] = []
  const [first, alone] = [gate(), gate()]
  const task = (name: string, until?: Promise<void>) => async () => {
    told.push(`${name} begins`)
    await until
    told.push(`${name} ends`)
    return name
  }
  const all = [
    turnstile.beside(task("a", first.opened)),
    turnstile.beside(task("b")),
    turnstile.alone(task("alone", alone.opened)),
    turnstile.beside(task("c")),
    turnstile.alone(task("next")),
  ]
  await all[1]
  first.open()
  await all[0]
  expect(told).not.toContain("c begins")
  alone.open()
  expect(await Promise.all(all)).toEqual(["a", "b", "alone", "c", "next"])
  const order = ["a ends", "alone begins", "alone ends"].map(text => told.indexOf(text))
  expect(order).toEqual([...order].sort((x, y) => x - y))
  expect(told.indexOf("c begins")).toBeGreaterThan(told.indexOf("alone ends"))
  expect(Math.abs(told.indexOf("next begins") - told.indexOf("next ends"))).toBe(1)
})

it("goes on after a failure", async () => {
  const turnstile = createTurnstile()
  await expect(turnstile.alone(() => Promise.reject(new Error("no")))).rejects.toThrow("no")
  await expect(turnstile.beside(() => Promise.reject(new Error("no")))).rejects.toThrow("no")
  expect(await turnstile.alone(async () => "yes")).toBe("yes")
})
