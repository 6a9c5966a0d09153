import { gzipSync } from "node:zlib"
import type { Plugin } from "vite"

const canvasPage = "src/journeys/JourneyPage.tsx"

/**
 * Fails the build when what a first visit to the canvas loads before it can show a journey is larger than this, in
 * thousands of bytes, gzipped: the app's entry and the page, with all that they import at once.
 */
export function canvasBudget(mostKb: number): Plugin {
  return {
    name: "canvas-budget",
    apply: "build",
    generateBundle(_options, bundle) {
      const chunks = Object.values(bundle).filter(file => file.type === "chunk")
      const wanted = chunks
        .filter(chunk => chunk.isEntry || chunk.facadeModuleId?.endsWith(canvasPage))
        .map(chunk => chunk.fileName)
      if (wanted.length < 2) this.error(`${canvasPage} is no page of its own any more`)
      const files = new Set(wanted)
      for (const name of files) {
        const chunk = bundle[name]
        if (chunk?.type === "chunk") for (const imported of chunk.imports) files.add(imported)
      }
      const bytes = chunks
        .filter(({ fileName }) => files.has(fileName))
        .reduce((sum, { code }) => sum + gzipSync(code).length, 0)
      const kb = Math.round(bytes / 1_000)
      this.info(`a first visit to the canvas loads ${kb} kB of scripts, gzipped`)
      if (kb > mostKb) this.error(`a first visit to the canvas loads ${kb} kB gzipped; ${mostKb} is the most`)
    },
  }
}
