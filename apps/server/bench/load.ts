import { connect, type Socket } from "node:net"
import { benchKey } from "./stage.ts"

/**
 * The load shares its machine with what it measures, so it is cheap: the bytes of every request are made before the
 * clock runs, connections are kept, and of an answer only its status and its count are read.
 */
const authorization = `Basic ${Buffer.from(`${benchKey}:`).toString("base64")}`

export type Answer = { status: number; accepted: number }

/** A batch as the bytes of its whole request. */
export const requestOf = (batch: readonly object[]): Buffer => {
  const body = Buffer.from(JSON.stringify({ batch }))
  const head = `POST /v1/batch HTTP/1.1\r\nhost: bench\r\nauthorization: ${authorization}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`
  return Buffer.concat([Buffer.from(head), body])
}

/** Requests of so many calls each. */
export const requestsOf = (calls: readonly object[], batch: number): Buffer[] => {
  const requests: Buffer[] = []
  for (let from = 0; from < calls.length; from += batch)
    requests.push(requestOf(calls.slice(from, from + batch)))
  return requests
}

/** One kept connection to the door, one request at a time. */
type Connection = { send(request: Buffer): Promise<Answer>; close(): void }

const openConnection = (url: string): Connection => {
  const { hostname, port } = new URL(url)
  const socket: Socket = connect({ host: hostname, port: Number(port), noDelay: true })
  let waiting: { resolve(answer: Answer): void; reject(error: unknown): void } | undefined
  let text = ""
  socket.setEncoding("latin1")
  socket.on("data", (piece: string) => {
    text += piece
    const answer = readAnswer(text)
    if (answer === undefined) return
    text = ""
    waiting?.resolve(answer)
    waiting = undefined
  })
  const fail = (error: unknown) => waiting?.reject(error)
  socket.on("error", fail)
  socket.on("close", () => fail(new Error("the door closed a connection")))
  return {
    send: request =>
      new Promise((resolve, reject) => {
        waiting = { resolve, reject }
        socket.write(request)
      }),
    close: () => socket.destroy(),
  }
}

const readAnswer = (text: string): Answer | undefined => {
  const end = text.indexOf("\r\n\r\n")
  if (end < 0) return undefined
  const length = /\r\ncontent-length: (\d+)/i.exec(text)?.[1]
  if (length === undefined) throw new Error(`an answer without a length: ${text.slice(0, end)}`)
  if (text.length < end + 4 + Number(length)) return undefined
  return { status: Number(text.slice(9, 12)), accepted: Number(/"accepted":(\d+)/.exec(text)?.[1] ?? 0) }
}

/** Connections that are taken as they are needed and kept, for a load that waits for nobody. */
export const createSender = (url: string) => {
  const idle: Connection[] = []
  return async (request: Buffer): Promise<Answer> => {
    const connection = idle.pop() ?? openConnection(url)
    const answer = await connection.send(request)
    idle.push(connection)
    return answer
  }
}

/** Sends all requests over so many connections; ms from the first byte to the last answer, and of its own CPU. */
export const sendAll = async (
  urls: readonly string[],
  requests: readonly Buffer[],
  connections: number,
): Promise<{ ms: number; cpuMs: number; accepted: number }> => {
  let next = 0
  let accepted = 0
  const open = Array.from({ length: connections }, (_, i) => openConnection(urls[i % urls.length]!))
  const cpu = process.cpuUsage()
  const began = performance.now()
  await Promise.all(
    open.map(async connection => {
      for (let at = next++; at < requests.length; at = next++) {
        const answer = await connection.send(requests[at]!)
        if (answer.status !== 200) throw new Error(`the door answered ${answer.status}`)
        accepted += answer.accepted
      }
    }),
  )
  const ms = performance.now() - began
  const { user, system } = process.cpuUsage(cpu)
  for (const connection of open) connection.close()
  return { ms, cpuMs: (user + system) / 1_000, accepted }
}
