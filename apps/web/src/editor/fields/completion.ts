/** A name being typed in a template tag: where it begins and ends, and what of it stands before the caret. */
export type Typed = { from: number; to: number; asked: string; closes: boolean }

const name = /[\w.]*$/

/**
 * The name at the caret, where one can stand: in `{{ … }}` before any filter, or in a `{% … %}`; undefined in
 * plain text, in quotes and in the name of a filter or tag. `closes`: the tag is closed already.
 */
export function typedAt(text: string, caret: number): Typed | undefined {
  const before = text.slice(0, caret)
  const open = Math.max(before.lastIndexOf("{{"), before.lastIndexOf("{%"))
  if (open < 0) return undefined
  const isOutput = text.startsWith("{{", open)
  const end = isOutput ? "}}" : "%}"
  const inside = before.slice(open + 2)
  if (inside.includes(end) || inside.includes("\n\n")) return undefined
  const quotes = (inside.match(/['"]/g) ?? []).length
  if (quotes % 2 === 1) return undefined
  const asked = name.exec(inside)?.[0] ?? ""
  const lead = inside.slice(0, inside.length - asked.length)
  if (
    isOutput
      ? lead.trim() !== ""
      : !/^-?\s*(if|elsif|unless|case|when|for|assign)\b.+\s$|^-?\s*(if|elsif|unless|case)\s+$/.test(lead)
  )
    return undefined
  const after = text.slice(caret)
  const rest = /^[\w.]*/.exec(after)?.[0] ?? ""
  const next = after.indexOf(end)
  const another = after.search(/\{[{%]/)
  return {
    from: caret - asked.length,
    to: caret + rest.length,
    asked,
    closes: next >= 0 && (another < 0 || next < another),
  }
}

/** The text with a name in its place, and where the caret stands then; an open output tag is closed with a default. */
export function complete(text: string, typed: Typed, path: string): { text: string; caret: number } {
  const isOutput = text.lastIndexOf("{{", typed.from) > text.lastIndexOf("{%", typed.from)
  const gap = text[typed.from - 1] === "{" ? " " : ""
  const tail = typed.closes || !isOutput ? "" : " | default: '' }}"
  const written = `${gap}${path}${tail}`
  return {
    text: text.slice(0, typed.from) + written + text.slice(typed.to),
    caret: typed.from + written.length,
  }
}
