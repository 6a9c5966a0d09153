import type { CDPSession, Page } from "@playwright/test"

/** What a page holds after a collection of garbage. */
export type Held = { heapMb: number; elements: number; listeners: number }

/** Measures what a page holds; each answer costs a full collection, so ask seldom. */
export async function createScale(page: Page): Promise<{ weigh: () => Promise<Held> }> {
  const session: CDPSession = await page.context().newCDPSession(page)
  await session.send("HeapProfiler.enable")
  return {
    async weigh() {
      // What waits for a timer of React's goes with the second collection.
      for (let turn = 0; turn < 2; turn += 1) await session.send("HeapProfiler.collectGarbage")
      const { usedSize } = await session.send("Runtime.getHeapUsage")
      const { nodes, jsEventListeners } = await session.send("Memory.getDOMCounters")
      return { heapMb: usedSize / 2 ** 20, elements: nodes, listeners: jsEventListeners }
    },
  }
}
