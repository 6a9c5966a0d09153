import type { Journey, Positions } from "@viaggio/journey-model"

type Answer = { id: number; positions: Positions }

let worker: Worker | undefined
let asked = 0

/** Lays a journey out in a worker, which is started the first time and stays. */
export function layOutInWorker(journey: Journey): Promise<Positions> {
  worker ??= new Worker(new URL("./layout-worker.ts", import.meta.url), { type: "module" })
  const own = worker
  const id = ++asked
  return new Promise((resolve, reject) => {
    const listening = new AbortController()
    own.addEventListener(
      "message",
      ({ data }: MessageEvent<Answer>) => {
        if (data.id !== id) return
        listening.abort()
        resolve(data.positions)
      },
      { signal: listening.signal },
    )
    own.addEventListener(
      "error",
      event => {
        listening.abort()
        worker = undefined
        reject(new Error(event.message))
      },
      { signal: listening.signal },
    )
    own.postMessage({ id, journey })
  })
}
