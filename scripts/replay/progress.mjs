const LINE_EVERY_MS = 5000
const BAR_EVERY_MS = 100
const BAR_WIDTH = 30

/** Says how far a long run is: a bar that is redrawn on a terminal, a line every five seconds elsewhere. */
export function createProgress({ total, stream = process.stderr }) {
  const startedAt = performance.now()
  let saidAt = Number.NEGATIVE_INFINITY
  const text = (done, note) => {
    const seconds = (performance.now() - startedAt) / 1000
    const left = done > 0 ? Math.round((seconds / done) * (total - done)) : undefined
    const filled = Math.floor((done / total) * BAR_WIDTH)
    const bar = stream.isTTY ? `${"█".repeat(filled)}${"░".repeat(BAR_WIDTH - filled)} ` : ""
    const percent = `${Math.floor((done / total) * 100)} %`
    return `${bar}${percent.padStart(5)}  ${note}  ${Math.round(seconds)} s${left === undefined ? "" : `, ${left} s to go`}`
  }
  return {
    /** `done` of `total` are done; `note` says where the run is. */
    show(done, note) {
      const now = performance.now()
      if (now - saidAt < (stream.isTTY ? BAR_EVERY_MS : LINE_EVERY_MS) && done < total) return
      saidAt = now
      stream.write(stream.isTTY ? `\r\x1b[K${text(done, note)}` : `${text(done, note)}\n`)
    },
    end() {
      if (stream.isTTY) stream.write("\n")
    },
  }
}
