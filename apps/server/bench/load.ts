import { Agent, request } from "node:http"
import { benchKey } from "./stage.ts"

const authorization = `Basic ${Buffer.from(`${benchKey}:`).toString("base64")}`
const agent = new Agent({ keepAlive: true, maxSockets: 256 })

/** A batch as the bytes of its request, made before the clock runs. */
export const bodyOf = (batch: object[]): Buffer => Buffer.from(JSON.stringify({ batch }))

/** Sends one batch; answers its status and how many events were accepted. */
export const sendBatch = (url: string, body: Buffer): Promise<{ status: number; accepted: number }> =>
  new Promise((resolve, reject) => {
    const call = request(
      `${url}/v1/batch`,
      {
        method: "POST",
        agent,
        headers: { authorization, "content-type": "application/json", "content-length": body.length },
      },
      answer => {
        const chunks: Buffer[] = []
        answer.on("data", chunk => chunks.push(chunk))
        answer.on("end", () => {
          const status = answer.statusCode ?? 0
          const text = Buffer.concat(chunks).toString()
          resolve({
            status,
            accepted: status === 200 ? (JSON.parse(text) as { accepted: number }).accepted : 0,
          })
        })
      },
    )
    call.on("error", reject)
    call.end(body)
  })

/** Sends all batches over so many connections; ms from the first byte to the last answer. */
export const sendAll = async (
  urls: readonly string[],
  bodies: readonly Buffer[],
  connections: number,
): Promise<{ ms: number; accepted: number }> => {
  let next = 0
  let accepted = 0
  const began = performance.now()
  await Promise.all(
    Array.from({ length: connections }, async (_, i) => {
      const url = urls[i % urls.length]!
      for (let at = next++; at < bodies.length; at = next++) {
        const answer = await sendBatch(url, bodies[at]!)
        if (answer.status !== 200) throw new Error(`the door answered ${answer.status}`)
        accepted += answer.accepted
      }
    }),
  )
  return { ms: performance.now() - began, accepted }
}
