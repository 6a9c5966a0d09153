import { createServer, type Server } from "node:net"

/**
 * A mail server that takes everything and keeps nothing but when the end of DATA of the first mail came, by recipient:
 * a second one comes a minute later, when their wait is over. A server of a library would need more CPU than what is
 * measured; this speaks just enough of RFC 5321 with pipelining.
 */
export type Sink = { url: string; taken: Map<string, number>; stop(): Promise<void> }

export const startSink = async (): Promise<Sink> => {
  const taken = new Map<string, number>()
  const server: Server = createServer(socket => {
    let rest = ""
    let isData = false
    let recipient = ""
    socket.setNoDelay(true)
    socket.write("220 sink\r\n")
    socket.on("error", () => {})
    socket.on("data", chunk => {
      rest += chunk.toString("latin1")
      let answer = ""
      for (;;) {
        if (isData) {
          const end = rest.startsWith(".\r\n") ? 0 : rest.indexOf("\r\n.\r\n")
          if (end < 0) break
          rest = rest.slice(end + (end === 0 ? 3 : 5))
          isData = false
          if (!taken.has(recipient)) taken.set(recipient, Date.now())
          answer += "250 taken\r\n"
          continue
        }
        const end = rest.indexOf("\r\n")
        if (end < 0) break
        const line = rest.slice(0, end)
        rest = rest.slice(end + 2)
        const verb = line.slice(0, 4).toUpperCase()
        if (verb === "EHLO") answer += "250-sink\r\n250-PIPELINING\r\n250 SIZE 10000000\r\n"
        else if (verb === "RCPT") {
          recipient = line.slice(line.indexOf("<") + 1, line.indexOf(">"))
          answer += "250 ok\r\n"
        } else if (verb === "DATA") {
          isData = true
          answer += "354 go on\r\n"
        } else if (verb === "QUIT") answer += "221 bye\r\n"
        else answer += "250 ok\r\n"
      }
      if (answer !== "") socket.write(answer)
    })
  })
  await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve))
  const { port } = server.address() as { port: number }
  return {
    url: `smtp://127.0.0.1:${port}`,
    taken,
    stop: () => new Promise(resolve => server.close(() => resolve())),
  }
}
