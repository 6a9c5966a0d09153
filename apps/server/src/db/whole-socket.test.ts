import { once } from "node:events"
import { type AddressInfo, createServer, type Server } from "node:net"
import { afterAll, beforeAll, expect, it } from "vitest"
import { openWhole } from "./whole-socket.ts"

let server: Server
let port: number
beforeAll(async () => {
  server = createServer(socket => socket.on("error", () => {}))
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  port = (server.address() as AddressInfo).port
})
afterAll(() => void server.close())

it("tells of an error and of the end with nothing in between", async () => {
  const socket = openWhole({ host: ["127.0.0.1"], port: [port] })
  await once(socket, "connect")
  const told: string[] = []
  const over = new Promise(resolve => socket.once("close", resolve))
  socket.on("error", error => {
    told.push(error.message)
    queueMicrotask(() => told.push("a moment later"))
    process.nextTick(() => told.push("a tick later"))
  })
  socket.on("close", () => told.push("close"))
  socket.destroy(new Error("gone"))
  await over
  await new Promise(resolve => setImmediate(resolve))
  expect(told).toEqual(["gone", "close", "a tick later", "a moment later"])
})

it("may be written to at once, and ends where nobody answers", async () => {
  const socket = openWhole({ host: ["127.0.0.1"], port: [port] })
  const isWritten = new Promise(resolve => socket.write("hello", resolve))
  await isWritten
  socket.destroy()
  const nowhere = openWhole({ path: "/nowhere/at/all", host: [], port: [] })
  const told: string[] = []
  nowhere.on("error", error => told.push((error as NodeJS.ErrnoException).code ?? ""))
  await new Promise<void>(resolve => nowhere.once("close", () => resolve()))
  expect(told).toEqual(["ENOENT"])
})
