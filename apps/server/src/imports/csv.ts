import Papa from "papaparse"

export const delimiters = [",", ";", "\t", "|"] as const
export type Delimiter = (typeof delimiters)[number]
export const encodings = ["utf-8", "utf-16le", "windows-1252"] as const
export type Encoding = (typeof encodings)[number]

/** One row of a file; `line`: where it begins, from 1. `broken`: its quotes do not close. */
export type CsvRecord = { line: number; fields: string[]; broken?: true }

/** A value in quotes may go over so many lines; beyond, its quote was never meant to open. */
const MOST_LINES = 100
const MOST_CHARACTERS = 100_000

/** Reads bytes as text, whatever the bounds of the pieces. */
export async function* decode(bytes: AsyncIterable<Uint8Array>, encoding: Encoding): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding)
  for await (const piece of bytes) yield decoder.decode(piece, { stream: true })
  yield decoder.decode()
}

/** Notices while a file passes by in which encoding it is: UTF-8 unless it cannot be. */
export const createEncodingSniffer = () => {
  const strict = new TextDecoder("utf-8", { fatal: true })
  let encoding: Encoding = "utf-8"
  let isFirst = true
  let hasNul = false
  const tryUtf8 = (decodeNext: () => unknown) => {
    if (encoding !== "utf-8") return
    try {
      decodeNext()
    } catch {
      encoding = "windows-1252"
    }
  }
  return {
    take(piece: Uint8Array): void {
      if (isFirst && piece[0] === 0xff && piece[1] === 0xfe) encoding = "utf-16le"
      isFirst = false
      tryUtf8(() => strict.decode(piece, { stream: true }))
      if (encoding !== "utf-16le") hasNul ||= piece.includes(0)
    },
    /** Undefined for what is no text: a spreadsheet, an archive. */
    end(): Encoding | undefined {
      tryUtf8(() => strict.decode())
      return hasNul ? undefined : encoding
    },
  }
}

/** The delimiter that the beginning of a file speaks for. */
export function sniffDelimiter(beginning: string): Delimiter {
  const { meta } = Papa.parse(beginning, {
    preview: 20,
    skipEmptyLines: "greedy",
    delimitersToGuess: [...delimiters],
  })
  return delimiters.find(delimiter => delimiter === meta.delimiter) ?? ","
}

/**
 * The rows of a file, empty lines left out. A quote that never closes spoils its own line and no other: that line is
 * `broken`, and reading goes on with the next one.
 */
export async function* readRecords(
  text: AsyncIterable<string>,
  delimiter: Delimiter,
): AsyncGenerator<CsvRecord> {
  let pending: string[] = []
  let line = 1
  let columns: number | undefined

  function* drain(isEnd: boolean): Generator<CsvRecord> {
    while (pending.length > 0) {
      const length = linesOfRecord(pending, delimiter)
      if (
        length === undefined &&
        !isEnd &&
        pending.length < MOST_LINES &&
        weightOf(pending) < MOST_CHARACTERS
      )
        return
      const fields = length === undefined ? undefined : fieldsOf(pending.slice(0, length), delimiter)
      const isWhole =
        fields !== undefined && (length === 1 || columns === undefined || fields.length <= columns)
      const taken = isWhole ? length! : 1
      if (isWhole && !(fields.length === 1 && fields[0]!.trim() === "")) {
        columns ??= fields.length
        yield { line, fields }
      } else if (!isWhole) yield { line, fields: [pending[0]!], broken: true }
      pending = pending.slice(taken)
      line += taken
    }
  }

  for await (const one of linesOf(text)) {
    pending.push(one)
    yield* drain(false)
  }
  yield* drain(true)
}

const weightOf = (lines: readonly string[]): number => lines.reduce((sum, line) => sum + line.length, 0)

/** Physical lines, however they end. */
async function* linesOf(text: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = ""
  for await (const piece of text) {
    const all = rest + piece
    // A carriage return at the end may be the first half of a line's end.
    const safe = all.endsWith("\r") ? all.length - 1 : all.length
    const lines = all.slice(0, safe).split(/\r\n|\n|\r/)
    rest = lines.pop()! + all.slice(safe)
    yield* lines
  }
  if (rest !== "") yield* rest.replace(/\r$/, "").split("\r")
}

/** How many of the lines the first record takes; undefined where a quote is open at their end. */
function linesOfRecord(lines: readonly string[], delimiter: Delimiter): number | undefined {
  if (!lines[0]!.includes('"')) return 1
  let isQuoted = false
  for (const [n, line] of lines.entries()) {
    let isAtStart: boolean = !isQuoted
    for (let i = 0; i < line.length; i += 1) {
      const character = line[i]
      if (isQuoted) {
        if (character !== '"') continue
        const next = line[i + 1]
        if (next === '"') i += 1
        else if (next === undefined || next === delimiter) isQuoted = false
      } else if (character === delimiter) isAtStart = true
      else {
        isQuoted = isAtStart && character === '"'
        isAtStart = false
      }
    }
    if (!isQuoted) return n + 1
  }
  return undefined
}

function fieldsOf(lines: readonly string[], delimiter: Delimiter): string[] | undefined {
  if (lines.length === 1 && !lines[0]!.includes('"')) return lines[0]!.split(delimiter)
  const { data, errors } = Papa.parse<string[]>(lines.join("\n"), { delimiter, newline: "\n" })
  return data.length === 1 && !errors.some(error => error.type === "Quotes") ? data[0] : undefined
}

/** Rows as CSV text, each with its line's end. A value that a spreadsheet would run as a formula is defused. */
export const writeRecords = (rows: readonly (readonly unknown[])[], delimiter: Delimiter): string =>
  `${Papa.unparse(rows as unknown[][], { delimiter, escapeFormulae: true, newline: "\r\n" })}\r\n`
