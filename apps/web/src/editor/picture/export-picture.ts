import type { Journey } from "@viaggio/journey-model"
import { createElement } from "react"
import { flushSync } from "react-dom"
import { createRoot } from "react-dom/client"
import { JourneyPicture, type PictureProps, pictureBox } from "./JourneyPicture.tsx"
import type { PictureWords } from "./picture-words.ts"

const sharpness = 2
// Beyond this browsers give an empty picture instead of a larger one.
const longestSidePx = 12_000

/** Saves the journey as a picture: lines for SVG, points for PNG, in the colours of the present scheme. */
export async function exportPicture(
  journey: Journey,
  words: PictureWords,
  format: "png" | "svg",
): Promise<void> {
  const svg = toSvgText({ journey, words, label: journey.name, colour: colourNow })
  const { width, height } = pictureBox(journey)
  download(format === "svg" ? svg : await toPng(svg, { width, height }), `${journey.key}.${format}`)
}

function toSvgText(props: PictureProps): Blob {
  const box = document.createElement("div")
  const root = createRoot(box)
  flushSync(() => root.render(createElement(JourneyPicture, props)))
  const svg = box.querySelector("svg")
  const text = svg ? new XMLSerializer().serializeToString(svg) : ""
  root.unmount()
  return new Blob([text], { type: "image/svg+xml" })
}

async function toPng(svg: Blob, { width, height }: { width: number; height: number }): Promise<Blob> {
  const address = URL.createObjectURL(svg)
  try {
    const picture = new Image()
    picture.src = address
    await picture.decode()
    const scale = Math.min(sharpness, longestSidePx / Math.max(width, height))
    const canvas = document.createElement("canvas")
    canvas.width = Math.round(width * scale)
    canvas.height = Math.round(height * scale)
    canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height)
    const png = await new Promise<Blob | null>(resolve => canvas.toBlob(resolve, "image/png"))
    if (!png) throw new Error("The browser made no picture of this size.")
    return png
  } finally {
    URL.revokeObjectURL(address)
  }
}

function download(content: Blob, name: string): void {
  const address = URL.createObjectURL(content)
  const link = document.createElement("a")
  link.href = address
  link.download = name
  link.click()
  // The browser has taken the content when the click returns.
  URL.revokeObjectURL(address)
}

const colourNow = (variable: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(variable).trim() || "none"
