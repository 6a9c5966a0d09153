import { setTimeout as wait } from "node:timers/promises"

const ATTEMPTS = 6

/** A refusal of the server, with the status and what it said. */
export class CallRefused extends Error {}

/**
 * The few HTTP calls that a replay needs. `apiKey` is sent as bearer, `writeKey` as the user of basic
 * authentication, as Segment's clients do. A call that met 429, 503 or a lost connection is made again, which is
 * safe: events carry message ids, and moving the clock to where it stands does nothing.
 */
export function createClient({ url, apiKey, writeKey }) {
  const base = url.replace(/\/+$/, "")
  const bearer = { authorization: `Bearer ${apiKey}` }
  const basic = { authorization: `Basic ${Buffer.from(`${writeKey}:`).toString("base64")}` }
  const api = (method, path, body) => call(`${base}/api/v1${path}`, method, bearer, body)
  return {
    createSandbox: (name, startAt) =>
      api("POST", "/workspaces", { name, zone: "Europe/London", sandbox: true, startAt: instant(startAt) }),
    saveJourney: journey => api("PUT", `/journeys/${journey.key}`, journey),
    publishJourney: key => api("POST", `/journeys/${key}/publish`, {}),
    readStats: key => api("GET", `/journeys/${key}/stats`),
    sendBatch: calls => call(`${base}/v1/batch`, "POST", basic, { batch: calls }),
    /** Moves the sandbox's clock and waits until everything due until then is done. */
    advanceClock: async to => {
      for (;;) {
        const answer = await api("POST", "/clock/advance", { to: instant(to) })
        if (answer.done !== false) return answer
      }
    },
  }
}

const instant = at => new Date(at).toISOString()

async function call(address, method, headers, body) {
  const request = { method, headers: { ...headers, ...(body && { "content-type": "application/json" }) } }
  if (body) request.body = JSON.stringify(body)
  for (let attempt = 1; ; attempt += 1) {
    const answer = await fetch(address, request).catch(error => error)
    const isLost = answer instanceof Error
    const isBusy = !isLost && (answer.status === 429 || answer.status === 503)
    if (!isLost && answer.ok) return answer.json()
    if (attempt === ATTEMPTS || !(isLost || isBusy)) throw await refusal(address, method, answer)
    const pauseSeconds = isBusy ? Number(answer.headers.get("retry-after")) || 1 : 2 ** attempt / 4
    await wait(pauseSeconds * 1000)
  }
}

async function refusal(address, method, answer) {
  if (answer instanceof Error)
    return new CallRefused(`${method} ${address}: ${answer.cause?.message ?? answer.message}`)
  const text = await answer.text()
  return new CallRefused(`${method} ${address} answered ${answer.status}: ${text.slice(0, 2000)}`)
}
