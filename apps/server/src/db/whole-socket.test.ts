import { once } from "node:events"
import { type AddressInfo, connect as connectTo, createServer, type Server, type Socket } from "node:net"
import { afterAll, beforeAll, expect, inject, it } from "vitest"
import { until } from "../../testing/until.ts"
import { connect, errorCode } from "./connect.ts"
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

/** Where PostgreSQL listens in a folder. */
const pathIn = (folder: string) => `${folder}/.s.PGSQL.5432`

it("carries the driver over TCP too: what is under way fails at a loss, and the next statement has a new one", async () => {
  const url = new URL(inject("postgres").url.replace("@/", "@localhost/"))
  const admin = connect(inject("postgres").url, { max: 1 })
  const folder = url.searchParams.get("host")
  const carried: Socket[] = []
  const proxy = createServer(client => {
    const place =
      folder === null ? { host: url.hostname, port: Number(url.port || 5432) } : { path: pathIn(folder) }
    const database = connectTo(place as never)
    for (const socket of [client, database]) socket.on("error", () => {})
    client.pipe(database).pipe(client)
    carried.push(client)
  }).listen(0, "127.0.0.1")
  await once(proxy, "listening")
  const { port: proxied } = proxy.address() as AddressInfo
  const user = url.username === "" ? "" : `${url.username}${url.password && `:${url.password}`}@`
  const client = connect(`postgres://${user}127.0.0.1:${proxied}${url.pathname}`, { max: 1 })
  expect([...(await client`select 1 as one`)]).toEqual([{ one: 1 }])
  const waiting = client`select pg_sleep(20)`.catch(errorCode)
  await until(async () => {
    const [row] =
      await admin`select count(*)::int as n from pg_stat_activity where query = 'select pg_sleep(20)'`
    return row!.n === 1
  })
  carried[0]!.resetAndDestroy()
  expect(await waiting).toMatch(/^(CONNECTION_CLOSED|ECONNRESET)$/)
  expect([...(await client`select 2 as two`)]).toEqual([{ two: 2 }])
  await client.end()
  await admin.end()
  proxy.close()
})
