/** A stretch of text that was kept, came in or went. */
export type TextPart = { kind: "same" | "added" | "removed"; text: string }

// Beyond this many pairs of words the middle is told as one piece: nobody reads a finer difference of such texts.
const mostPairs = 4_000_000

/** The difference of two texts, word by word: what was is the parts without `added`, what is those without `removed`. */
export function diffText(before: string, after: string): TextPart[] {
  const a = wordsOf(before)
  const b = wordsOf(after)
  let start = 0
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1
  let end = 0
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end])
    end += 1
  const parts: TextPart[] = []
  const add = (kind: TextPart["kind"], text: string) => {
    const last = parts.at(-1)
    if (text === "") return
    if (last?.kind === kind) last.text += text
    else parts.push({ kind, text })
  }
  add("same", a.slice(0, start).join(""))
  for (const { kind, text } of middle(a.slice(start, a.length - end), b.slice(start, b.length - end)))
    add(kind, text)
  add("same", a.slice(a.length - end).join(""))
  return parts
}

const wordsOf = (text: string): string[] => text.match(/\s+|[\p{L}\p{N}_]+|[^\s\p{L}\p{N}_]/gu) ?? []

/** By the longest common run of words; where words could be told either way, what went stands first. */
function middle(a: readonly string[], b: readonly string[]): TextPart[] {
  if (a.length * b.length > mostPairs)
    return [
      { kind: "removed", text: a.join("") },
      { kind: "added", text: b.join("") },
    ]
  const width = b.length + 1
  const common = new Uint32Array((a.length + 1) * width)
  const at = (i: number, j: number): number => common[i * width + j] ?? 0
  for (let i = a.length - 1; i >= 0; i -= 1)
    for (let j = b.length - 1; j >= 0; j -= 1)
      common[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
  const parts: TextPart[] = []
  let i = 0
  let j = 0
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      parts.push({ kind: "same", text: a[i] ?? "" })
      i += 1
      j += 1
    } else if (j >= b.length || (i < a.length && at(i + 1, j) >= at(i, j + 1))) {
      parts.push({ kind: "removed", text: a[i] ?? "" })
      i += 1
    } else {
      parts.push({ kind: "added", text: b[j] ?? "" })
      j += 1
    }
  }
  return parts
}
