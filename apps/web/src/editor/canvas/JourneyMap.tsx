import { useComputedColorScheme } from "@mantine/core"
import { useReactFlow, useStore, useStoreApi } from "@xyflow/react"
import { type PointerEvent, useEffect, useMemo, useRef } from "react"
import { useTranslation } from "react-i18next"
import { useLiveState } from "../../live/live-context.ts"
import { familyOf } from "../../node-types/registry.ts"
import { cardBox } from "../graph/card-boxes.ts"
import { useSessionState } from "../session/session-context.ts"
import classes from "./canvas.module.css"
import type { Rect } from "./fit-around.ts"

const width = 154
const height = 108
const paddingPx = 8
const leastPx = 2

/**
 * The whole journey in small: cards in their colours, red where there is an error, dotted where customers stand.
 * A press or a drag brings that place into the middle. Painted as a picture: hundreds of cards are one element.
 */
export function JourneyMap() {
  const { t } = useTranslation("editor")
  const picture = useRef<HTMLCanvasElement>(null)
  const scheme = useComputedColorScheme("light")
  const journey = useSessionState(state => state.history.journey)
  const problems = useSessionState(state => state.problemsByNode)
  const stats = useLiveState(state => state.stats)
  const transform = useStore(state => state.transform)
  const area = useStore(state => `${state.width} ${state.height}`)
  const flow = useReactFlow()
  const store = useStoreApi()
  const cards = useMemo(
    () =>
      journey.nodes.map(node => ({
        ...cardBox(journey, node.id),
        colour: problems.get(node.id)?.some(({ severity }) => severity === "error")
          ? "--danger"
          : `--family-${familyOf(node.type)}`,
        isBusy: (stats?.nodes[node.id]?.inside ?? 0) > 0,
      })),
    [journey, problems, stats],
  )
  const scale = useMemo(() => scaleOf(cards), [cards])
  const background = useMemo(() => {
    void scheme
    return paintCards(cards, scale)
  }, [cards, scale, scheme])
  useEffect(() => {
    const context = picture.current?.getContext("2d")
    if (!context || !background) return
    const ratio = window.devicePixelRatio
    context.setTransform(ratio, 0, 0, ratio, 0, 0)
    context.clearRect(0, 0, width, height)
    context.drawImage(background, 0, 0, width, height)
    const [x, y, zoom] = transform
    const [areaWidth = 0, areaHeight = 0] = area.split(" ").map(Number)
    context.strokeStyle = colourOf("--accent")
    context.lineWidth = 1.5
    const left = Math.max(1, scale.x + (-x / zoom) * scale.zoom)
    const top = Math.max(1, scale.y + (-y / zoom) * scale.zoom)
    const right = Math.min(width - 1, scale.x + ((areaWidth - x) / zoom) * scale.zoom)
    const bottom = Math.min(height - 1, scale.y + ((areaHeight - y) / zoom) * scale.zoom)
    context.strokeRect(left, top, Math.max(3, right - left), Math.max(3, bottom - top))
  }, [background, scale, transform, area])
  const goTo = (event: PointerEvent<HTMLCanvasElement>) => {
    const box = event.currentTarget.getBoundingClientRect()
    const x = (event.clientX - box.left - scale.x) / scale.zoom
    const y = (event.clientY - box.top - scale.y) / scale.zoom
    void flow.setCenter(x, y, { zoom: store.getState().transform[2] })
  }
  return (
    <canvas
      ref={picture}
      className={classes.map}
      width={width * window.devicePixelRatio}
      height={height * window.devicePixelRatio}
      role="img"
      aria-label={t("canvas.minimap")}
      data-map
      onPointerDown={event => {
        event.currentTarget.setPointerCapture(event.pointerId)
        goTo(event)
      }}
      onPointerMove={event => event.currentTarget.hasPointerCapture(event.pointerId) && goTo(event)}
    />
  )
}

type Scale = { x: number; y: number; zoom: number }

function scaleOf(cards: readonly Rect[]): Scale {
  const left = Math.min(...cards.map(card => card.x))
  const top = Math.min(...cards.map(card => card.y))
  const right = Math.max(...cards.map(card => card.x + card.width))
  const bottom = Math.max(...cards.map(card => card.y + card.height))
  const zoom = Math.min(
    (width - 2 * paddingPx) / (right - left),
    (height - 2 * paddingPx) / (bottom - top),
    0.12,
  )
  return {
    x: (width - (right - left) * zoom) / 2 - left * zoom,
    y: (height - (bottom - top) * zoom) / 2 - top * zoom,
    zoom,
  }
}

type Card = Rect & { colour: string; isBusy: boolean }

function paintCards(cards: readonly Card[], { x, y, zoom }: Scale): HTMLCanvasElement | undefined {
  const ratio = window.devicePixelRatio
  const picture = document.createElement("canvas")
  picture.width = width * ratio
  picture.height = height * ratio
  const context = picture.getContext("2d")
  if (!context) return undefined
  context.scale(ratio, ratio)
  const colours = new Map<string, string>()
  for (const card of cards) {
    const colour = colours.get(card.colour) ?? colourOf(card.colour)
    colours.set(card.colour, colour)
    context.fillStyle = colour
    const box = [x + card.x * zoom, y + card.y * zoom, card.width * zoom, card.height * zoom] as const
    context.fillRect(box[0], box[1], Math.max(leastPx, box[2]), Math.max(leastPx, box[3]))
    if (!card.isBusy) continue
    context.fillStyle = colourOf("--accent")
    context.beginPath()
    context.arc(box[0] + box[2], box[1], Math.max(1.5, box[3] / 3), 0, 2 * Math.PI)
    context.fill()
  }
  return picture
}

const colourOf = (variable: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(variable).trim()
