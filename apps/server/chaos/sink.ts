import type { AddressInfo } from "node:net"
import { setTimeout as pause } from "node:timers/promises"
import { SMTPServer } from "smtp-server"
import type { Dice } from "../testing/dice.ts"

/** A mail server that keeps count of what it took. */
export type Sink = {
  url: string
  /** How often each `Message-ID` was taken, without its brackets and domain. */
  taken: ReadonlyMap<string, number>
  close(): Promise<void>
}

/** Longest that it takes its time over a message, so that processes die in the middle of a send. */
const LONGEST_MS = 20

export const startSink = async (dice: Dice): Promise<Sink> => {
  const taken = new Map<string, number>()
  const server = new SMTPServer({
    disabledCommands: ["AUTH", "STARTTLS"],
    // A client that was killed hangs up in mid-sentence.
    logger: false,
    onData(stream, _session, done) {
      let text = ""
      stream.on("data", chunk => {
        text += String(chunk)
      })
      stream.on("end", async () => {
        await pause(dice.between(0, LONGEST_MS))
        const id = /^Message-ID: <([^@>]+)@/im.exec(text)?.[1] ?? "none"
        taken.set(id, (taken.get(id) ?? 0) + 1)
        done()
      })
    },
  })
  server.on("error", () => {})
  await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve))
  const { port } = server.server.address() as AddressInfo
  return {
    url: `smtp://127.0.0.1:${port}`,
    taken,
    close: () => new Promise(resolve => server.close(() => resolve())),
  }
}
