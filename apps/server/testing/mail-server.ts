import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net"
import { SMTPServer } from "smtp-server"

/** How the server treats whoever connects. */
export type Mood = "good" | "too much" | "nonsense" | "silent" | "cuts in DATA" | "no entry"

export type ReceivedMail = { messageId: string; to: string; text: string }

/** A mail server on a port of its own that can be told to misbehave. */
export type MailServer = {
  /** With a user and a password. */
  url: string
  /** Everything that came whole, doubles too. */
  received: ReceivedMail[]
  /** Drops whoever is connected; the next `times` who connect are treated like this, then well again. */
  be(mood: Mood, times: number): void
  /** How often somebody has connected. */
  connections(): number
  /** Answers to recipients and to messages, by recipient: an SMTP code with a text. */
  answers: { rcpt: Map<string, string>; data: Map<string, string> }
  close(): Promise<void>
}

const refusal = (answer: string) =>
  Object.assign(new Error(answer.slice(4)), { responseCode: Number(answer.slice(0, 3)) })

export const startMailServer = async (): Promise<MailServer> => {
  const received: ReceivedMail[] = []
  const answers = { rcpt: new Map<string, string>(), data: new Map<string, string>() }
  const sockets = new Set<Socket>()
  let mood: Mood = "good"
  let left = 0
  let connections = 0

  const makeSmtp = (isOpen: boolean) =>
    new SMTPServer({
      disabledCommands: ["STARTTLS"],
      authOptional: true,
      allowInsecureAuth: true,
      onAuth: (_auth, _session, done) =>
        isOpen ? done(null, { user: "us" }) : done(refusal("535 5.7.8 No.")),
      onRcptTo: ({ address }, _session, done) => {
        const answer = answers.rcpt.get(address)
        done(answer === undefined ? null : refusal(answer))
      },
      onData: (stream, session, done) => {
        let text = ""
        stream.on("data", chunk => {
          text += String(chunk)
        })
        stream.on("end", () => {
          const to = session.envelope.rcptTo[0]?.address ?? ""
          const answer = answers.data.get(to)
          if (answer !== undefined) return done(refusal(answer))
          received.push({ messageId: /^Message-ID: (\S+)/im.exec(text)?.[1] ?? "", to, text })
          done()
        })
      },
    })
  const open = makeSmtp(true)
  const shut = makeSmtp(false)
  const [openPort, shutPort] = await Promise.all([listen(open.server), listen(shut.server)])

  const front = createServer(socket => {
    connections += 1
    sockets.add(socket)
    socket.on("close", () => sockets.delete(socket))
    socket.on("error", () => {})
    const now = left > 0 ? mood : "good"
    left -= 1
    if (now === "silent") return
    if (now === "too much") return void socket.end("421 4.7.0 Too many connections\r\n")
    if (now === "nonsense") return void socket.end("HTTP/1.1 400 Bad Request\r\n\r\n<html></html>\r\n")
    const back = connect(now === "no entry" ? shutPort : openPort, "127.0.0.1")
    sockets.add(back)
    back.on("error", () => {})
    back.on("close", () => socket.destroy())
    socket.on("close", () => back.destroy())
    let isWhole = false
    socket.on("data", chunk => {
      if (chunk.includes("\r\n.\r\n")) isWhole = true
      back.write(chunk)
    })
    // The message has arrived, and the one who sent it never hears so.
    back.on("data", chunk => (now === "cuts in DATA" && isWhole ? socket.destroy() : socket.write(chunk)))
  })
  const port = await listen(front)

  return {
    url: `smtp://us:secret@127.0.0.1:${port}`,
    received,
    answers,
    be(next, times) {
      mood = next
      left = times
      for (const socket of sockets) socket.destroy()
    },
    connections: () => connections,
    async close() {
      for (const socket of sockets) socket.destroy()
      await Promise.all([
        new Promise<void>(resolve => front.close(() => resolve())),
        new Promise<void>(resolve => open.close(() => resolve())),
        new Promise<void>(resolve => shut.close(() => resolve())),
      ])
    },
  }
}

const listen = async (server: Server | SMTPServer["server"]): Promise<number> => {
  await new Promise<void>(resolve => server.listen(0, "127.0.0.1", () => resolve()))
  return (server.address() as AddressInfo).port
}
