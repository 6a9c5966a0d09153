import { useReducedMotion } from "@mantine/hooks"
import { useEffect, useRef, useState } from "react"
import { type CardBox, cardBox } from "../graph/card-boxes.ts"
import { useSession } from "../session/session-context.ts"
import type { MovingPositions } from "./flow-elements.ts"

const glideMs = 260

// One or two cards moved by keys or by a drop are where they belong at once; only a layout glides.
const fewestMoved = 3

/** While a new layout takes the place of the old: where the cards are on their way. `skip`: they are there already. */
export function useTidyAnimation(skip: { readonly current: boolean }): MovingPositions | undefined {
  const session = useSession()
  const still = useReducedMotion()
  const [moving, setMoving] = useState<MovingPositions | undefined>()
  const frame = useRef(0)
  useEffect(() => {
    const stop = session.store.subscribe((state, before) => {
      const { journey } = state.history
      if (journey.layout === before.history.journey.layout) return
      if (skip.current || still) return
      const earlier = before.history.journey
      const known = new Set(earlier.nodes.map(node => node.id))
      const changed = journey.nodes
        .filter(node => known.has(node.id))
        .map(({ id }) => ({ id, from: cardBox(earlier, id), to: cardBox(journey, id) }))
        .filter(({ from, to }) => from.x !== to.x || from.y !== to.y)
      if (changed.length < fewestMoved) return
      cancelAnimationFrame(frame.current)
      const begun = performance.now()
      const tick = (now: number) => {
        const t = Math.min(1, Math.max(0, (now - begun) / glideMs))
        const eased = 1 - (1 - t) ** 3
        setMoving(t < 1 ? between(changed, eased) : undefined)
        if (t < 1) frame.current = requestAnimationFrame(tick)
      }
      setMoving(between(changed, 0))
      frame.current = requestAnimationFrame(tick)
    })
    return () => {
      stop()
      cancelAnimationFrame(frame.current)
    }
  }, [session, still, skip])
  return moving
}

type Glide = { id: string; from: CardBox; to: CardBox }

const between = (glides: readonly Glide[], t: number): MovingPositions =>
  new Map(
    glides.map(({ id, from, to }) => [
      id,
      { x: from.x + (to.x - from.x) * t, y: from.y + (to.y - from.y) * t },
    ]),
  )
