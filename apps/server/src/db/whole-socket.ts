import { type NetConnectOpts, Socket } from "node:net"

/** What the driver knows of a server when it asks for a connection. */
type Place = { path?: string | false | undefined; host: string[]; port: number[] }

/**
 * A socket that tells of an error and of its end in one breath. Between the two postgres.js 3.4.9 goes on sending
 * statements, of which it then tells nobody that they were lost: a bucket's worker waited 40 seconds for one.
 */
class WholeSocket extends Socket {
  #error: unknown

  override emit(event: string | symbol, ...args: unknown[]): boolean {
    if (event === "error" && this.#error === undefined) {
      this.#error = args[0]
      return true
    }
    if (event === "close" && this.#error !== undefined && this.listenerCount("error") > 0)
      super.emit("error", this.#error)
    return super.emit(event as "close", ...(args as [boolean]))
  }
}

/** Opens a connection for the driver, which may write to it at once. */
export const openWhole = ({ path, host, port }: Place): Socket => {
  const place: NetConnectOpts = path ? { path } : { host: host[0]!, port: port[0]! }
  return new WholeSocket().connect(place as never)
}
