import { mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

/** What V8 writes with `--cpu-prof`, as far as it is drawn. */
type Profile = {
  nodes: { id: number; children?: number[]; callFrame: { functionName: string; url: string } }[]
  samples: number[]
  timeDeltas: number[]
}

type Frame = { name: string; kind: Kind; us: number; below: Map<string, Frame> }

/** Whose code a frame is, which its colour tells. */
const kinds = {
  ours: "#4c6ef5",
  driver: "#12b886",
  library: "#fab005",
  node: "#adb5bd",
  collector: "#fa5252",
} as const
type Kind = keyof typeof kinds

const WIDTH = 1_200
const ROW = 17
/** A frame of less than this share would be a line without a name. */
const LEAST = 0.002
/** Streams of Node call each other dozens deep; what is left out hardly differs from what it stands on. */
const DEEPEST = 28
/** Turns of the event loop and the start of the program, which stand under everything and tell nothing. */
const scaffolding = new Set(["(root)", "processTicksAndRejections", "runMicrotasks", "runNextTicks", "emit"])

/** A folder for profiles, and the switches that have a process write its own there when it ends. */
export const profileFolder = (): { folder: string; switches: string[] } => {
  const folder = mkdtempSync(join(tmpdir(), "viaggio-profile-"))
  return { folder, switches: ["--cpu-prof", `--cpu-prof-dir=${folder}`] }
}

/** Draws the largest profile of a folder as a flame graph: width is time, below is who called. */
export const drawFlame = (folder: string, title: string, file: string): void => {
  const paths = readdirSync(folder).map(name => join(folder, name))
  const largest = paths.sort((a, b) => statSync(b).size - statSync(a).size)[0]
  if (largest === undefined) throw new Error(`no profile was written to ${folder}`)
  writeFileSync(file, svgOf(framesOf(JSON.parse(readFileSync(largest, "utf8")) as Profile), title))
}

const framesOf = ({ nodes, samples, timeDeltas }: Profile): Frame => {
  const byId = new Map(nodes.map(node => [node.id, node]))
  const parent = new Map(nodes.flatMap(node => (node.children ?? []).map(child => [child, node.id] as const)))
  const self = new Map<number, number>()
  for (const [i, id] of samples.entries()) self.set(id, (self.get(id) ?? 0) + timeDeltas[i]!)
  const root: Frame = { name: "all", kind: "node", us: 0, below: new Map() }
  for (const [id, us] of self) {
    const stack: { name: string; kind: Kind }[] = []
    for (let at: number | undefined = id; at !== undefined; at = parent.get(at)) {
      const { functionName, url } = byId.get(at)!.callFrame
      const name = functionName === "" ? "(anonymous)" : functionName
      if (!scaffolding.has(name)) stack.push({ name, kind: kindOf(name, url) })
    }
    if (stack.some(({ name }) => name === "(idle)")) continue
    root.us += us
    let frame = root
    for (const { name, kind } of stack.reverse()) {
      const key = `${kind} ${name}`
      const next: Frame = frame.below.get(key) ?? { name, kind, us: 0, below: new Map() }
      frame.below.set(key, next)
      next.us += us
      frame = next
    }
  }
  return root
}

const kindOf = (name: string, url: string): Kind => {
  if (name === "(garbage collector)") return "collector"
  if (url.includes("/postgres/")) return "driver"
  if (url.includes("node_modules")) return "library"
  return url.includes("/dist/") ? "ours" : "node"
}

const svgOf = (root: Frame, title: string): string => {
  const boxes: string[] = []
  let deepest = 0
  const draw = (frame: Frame, x: number, depth: number): void => {
    const width = (frame.us / root.us) * WIDTH
    if (width < WIDTH * LEAST || depth > DEEPEST) return
    deepest = Math.max(deepest, depth)
    const y = depth * ROW + 56
    const share = ((100 * frame.us) / root.us).toFixed(1)
    const shown = frame.name.slice(0, Math.max(0, Math.floor((width - 6) / 6.4)))
    boxes.push(
      `<g><title>${inXml(frame.name)}: ${share} %</title><rect x="${x.toFixed(1)}" y="${y}" width="${Math.max(width - 0.6, 0.4).toFixed(1)}" height="${ROW - 1}" rx="2" fill="${kinds[frame.kind]}" fill-opacity="0.8"/>${shown.length > 2 ? `<text x="${(x + 3).toFixed(1)}" y="${y + 12}">${inXml(shown)}</text>` : ""}</g>`,
    )
    let at = x
    for (const next of [...frame.below.values()].sort((a, b) => b.us - a.us)) {
      draw(next, at, depth + 1)
      at += (next.us / root.us) * WIDTH
    }
  }
  draw(root, 0, 0)
  const legend = Object.entries(kinds)
    .map(
      ([kind, color], i) =>
        `<rect x="${8 + i * 100}" y="32" width="11" height="11" rx="2" fill="${color}"/><text x="${24 + i * 100}" y="42">${kind}</text>`,
    )
    .join("")
  const height = (deepest + 1) * ROW + 64
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="ui-monospace, Menlo, monospace" font-size="10.5" role="img" aria-label="${inXml(title)}"><title>${inXml(title)}</title><rect width="${WIDTH}" height="${height}" fill="#fff"/><text x="8" y="20" font-size="14">${inXml(title)}: ${(root.us / 1e6).toFixed(1)} s of work</text>${legend}${boxes.join("\n")}</svg>\n`
}

const inXml = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;")
