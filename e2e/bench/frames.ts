import type { Page } from "@playwright/test"

/** What somebody at the screen would feel while something goes on. */
export type Frames = { fps: number; p95Ms: number; longestTaskMs: number }

type Recorder = { frames: number[]; tasks: number[]; next: number; tick(now: number): void; stop(): void }
declare global {
  // On the page only.
  var frameRecorder: Recorder | undefined
}

/** Counts frames and long tasks (50 ms or more, as the browser defines them) of a page while `run` goes on. */
export async function framesDuring(page: Page, run: () => Promise<void>): Promise<Frames> {
  await page.evaluate(() => {
    const tasks: number[] = []
    const observer = new PerformanceObserver(list => {
      for (const entry of list.getEntries()) tasks.push(entry.duration)
    })
    observer.observe({ type: "longtask" })
    globalThis.frameRecorder = {
      frames: [],
      tasks,
      next: 0,
      tick(now) {
        this.frames.push(now)
        this.next = requestAnimationFrame(later => this.tick(later))
      },
      stop() {
        cancelAnimationFrame(this.next)
        observer.disconnect()
      },
    }
    globalThis.frameRecorder.tick(performance.now())
  })
  await run()
  const { frames, tasks } = await page.evaluate(() => {
    const recorder = globalThis.frameRecorder
    recorder?.stop()
    return { frames: recorder?.frames ?? [], tasks: recorder?.tasks ?? [] }
  })
  const gaps = frames.slice(1).map((at, index) => at - (frames[index] ?? at))
  const lastedMs = (frames.at(-1) ?? 0) - (frames[0] ?? 0)
  return {
    fps: lastedMs > 0 ? (gaps.length * 1_000) / lastedMs : 0,
    p95Ms: [...gaps].sort((a, b) => a - b)[Math.floor(gaps.length * 0.95)] ?? 0,
    longestTaskMs: Math.max(0, ...tasks),
  }
}
