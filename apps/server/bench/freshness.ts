import { startThread } from "./thread-server.ts"

/**
 * How old the numbers on the canvas are: from the door's answer to an event until a page that watches has been
 * told of it. One event every 20 ms for 20 s; the counts only grow, so the first frame with a higher count tells.
 */
const EVENTS = 1_000
const EVERY_MS = 20

const thread = await startThread()
const answeredAt: number[] = []
const shownAt: number[] = []
const over = new AbortController()
const watching = (async () => {
  const live = await fetch(thread.liveUrl, { headers: { cookie: thread.cookie }, signal: over.signal })
  let text = ""
  for await (const chunk of live.body!) {
    text += Buffer.from(chunk).toString()
    const frames = text.split("\n\n")
    text = frames.pop() ?? ""
    for (const frame of frames) {
      const entered = /"totals":\{"entered":(\d+)/.exec(frame)?.[1]
      if (entered !== undefined) while (shownAt.length < Number(entered)) shownAt.push(performance.now())
    }
  }
})().catch(error => over.signal.aborted || Promise.reject(error))

const sends: Promise<void>[] = []
for (let i = 0; i < EVENTS; i += 1) {
  sends.push(
    thread
      .send([{ type: "track", userId: `user-${i}`, event: "Account Created", messageId: `a${i}` }])
      .then(() => void answeredAt.push(performance.now())),
  )
  await new Promise(resolve => setTimeout(resolve, EVERY_MS))
}
await Promise.all(sends)
while (shownAt.length < EVENTS) await new Promise(resolve => setTimeout(resolve, 20))
over.abort()
await watching
const ages = shownAt.map((at, i) => Math.max(0, at - answeredAt[i]!)).sort((a, b) => a - b)
const share = (part: number) => ages[Math.min(ages.length - 1, Math.floor(ages.length * part))]!.toFixed(0)
console.log(
  `answer to page: p50 ${share(0.5)} ms, p99 ${share(0.99)} ms, longest ${share(1)} ms (${EVENTS} events)`,
)
await thread.stop()
