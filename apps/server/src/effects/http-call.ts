import { lookup as systemLookup } from "node:dns/promises"
import * as http from "node:http"
import * as https from "node:https"
import { isIP, type LookupFunction } from "node:net"
import { isPrivateAddress } from "./private-address.ts"

export type ResolvedAddress = { address: string; family: number }
/** All addresses of a name, as the system's resolver gives them. */
export type Resolve = (host: string) => Promise<ResolvedAddress[]>

export type HttpRequest = {
  method: string
  url: string
  headers: Record<string, string>
  body: string | undefined
}

/** `body` is undefined where it was longer than allowed; `headers` of the last hop. */
export type HttpReply = { status: number; headers: http.IncomingHttpHeaders; body: string | undefined }

/** The call may not be made, now or later: where it leads, or led on to, is not allowed. */
export class NotAllowed extends Error {}

/** There was no answer within the time. */
export class TookTooLong extends Error {}

const MOST_REDIRECTS = 3
const LONGEST_ANSWER = 256 * 1024

const redirects = new Set([301, 302, 303, 307, 308])

export type HttpCaller = {
  /**
   * Makes one request and follows at most three redirects. Throws {@link NotAllowed}, {@link TookTooLong}, or what
   * the socket says.
   */
  call(request: HttpRequest, limitMs: number): Promise<HttpReply>
  close(): void
}

/**
 * Calls services on the web; `isInside` says which addresses may not be called. Every hop is checked at the moment of connecting: the address that was looked at is
 * the one that the socket goes to, so a name that leads elsewhere a moment later leads nowhere new.
 */
export const createHttpCaller = ({
  allowPrivate,
  resolve = host => systemLookup(host, { all: true }),
  isInside = isPrivateAddress,
}: {
  allowPrivate: boolean
  resolve?: Resolve
  isInside?: (address: string) => boolean
}): HttpCaller => {
  const agents = {
    "http:": new http.Agent({ keepAlive: true, maxSockets: 20 }),
    "https:": new https.Agent({ keepAlive: true, maxSockets: 20 }),
  }

  const checked = async (host: string): Promise<ResolvedAddress[]> => {
    const addresses = await resolve(host)
    if (addresses.length === 0) throw new Error(`${host} has no address`)
    // One private address among several is enough: which of them is taken is not ours to choose.
    const inside = allowPrivate ? undefined : addresses.find(({ address }) => isInside(address))
    if (inside) throw new NotAllowed(`${host} leads into a private network (${inside.address})`)
    return addresses
  }

  const lookup: LookupFunction = (host, options, done) => {
    checked(host).then(
      addresses => {
        const first = addresses[0]!
        if (options.all) done(null, addresses)
        else done(null, first.address, first.family)
      },
      (error: unknown) => done(error as NodeJS.ErrnoException, "", 0),
    )
  }

  const check = (text: string): URL => {
    const url = URL.canParse(text) ? new URL(text) : undefined
    if (url === undefined || (url.protocol !== "https:" && url.protocol !== "http:"))
      throw new NotAllowed(`${text} is no address of the web`)
    // A literal address is not looked up, so it is looked at here.
    const literal = url.hostname.replace(/^\[|\]$/g, "")
    if (!allowPrivate && isIP(literal) !== 0 && isInside(literal))
      throw new NotAllowed(`${literal} is inside a private network`)
    return url
  }

  const hop = (url: URL, request: HttpRequest, signal: AbortSignal): Promise<HttpReply> =>
    new Promise((done, fail) => {
      const { request: open } = url.protocol === "https:" ? https : http
      const { method, headers, body } = request
      const sent = open(
        url,
        {
          method,
          headers: body === undefined ? headers : { ...headers, "content-length": Buffer.byteLength(body) },
          agent: agents[url.protocol as keyof typeof agents],
          lookup,
          signal,
        },
        answer => {
          const { statusCode: status = 0, headers: answered } = answer
          const parts: Buffer[] = []
          let length = 0
          answer.on("data", (part: Buffer) => {
            length += part.length
            parts.push(part)
            if (length <= LONGEST_ANSWER) return
            done({ status, headers: answered, body: undefined })
            answer.destroy()
          })
          answer.on("end", () =>
            done({ status, headers: answered, body: Buffer.concat(parts).toString("utf8") }),
          )
          answer.on("error", fail)
          answer.on("close", () => fail(new Error("the answer broke off")))
        },
      )
      sent.on("error", fail)
      sent.end(body)
    })

  /** What is asked at the next hop, as browsers do it; headers of the author's stay with the host they were for. */
  const next = (request: HttpRequest, status: number, from: URL, to: URL): HttpRequest => {
    const becomesGet = status === 303 || (status < 303 && request.method === "POST")
    const own = /^(?:content-type|user-agent|accept|webhook-.*)$/
    const headers =
      from.host === to.host
        ? request.headers
        : Object.fromEntries(Object.entries(request.headers).filter(([name]) => own.test(name)))
    return becomesGet
      ? { method: "GET", url: to.href, headers, body: undefined }
      : { ...request, url: to.href, headers }
  }

  return {
    async call(first, limitMs) {
      const ending = new AbortController()
      const timer = setTimeout(() => ending.abort(), limitMs)
      try {
        let request = first
        for (let hops = 0; ; hops += 1) {
          const url = check(request.url)
          const reply = await hop(url, request, ending.signal)
          const { location } = reply.headers
          if (!redirects.has(reply.status) || location === undefined) return reply
          if (hops === MOST_REDIRECTS) throw new NotAllowed(`it led on more than ${MOST_REDIRECTS} times`)
          if (!URL.canParse(location, url.href)) throw new NotAllowed(`it led on to ${location}`)
          const to = check(new URL(location, url).href)
          if (url.protocol === "https:" && to.protocol === "http:")
            throw new NotAllowed(`it led from https to plain http (${to.host})`)
          request = next(request, reply.status, url, to)
        }
      } catch (error) {
        if (ending.signal.aborted) throw new TookTooLong(`no answer within ${limitMs} ms`)
        throw error
      } finally {
        clearTimeout(timer)
      }
    },
    close() {
      for (const agent of Object.values(agents)) agent.destroy()
    },
  }
}
