/** Words in lines of at most so many letters; what does not fit into the last one ends in "…". */
export function wrapText(text: string, perLine: number, most: number): string[] {
  const lines: string[] = []
  let line = ""
  for (const word of text.split(/\s+/).filter(each => each !== "")) {
    const longer = line === "" ? word : `${line} ${word}`
    if (longer.length <= perLine) {
      line = longer
      continue
    }
    if (line !== "") lines.push(line)
    line = word
  }
  if (line !== "") lines.push(line)
  const kept = lines.slice(0, most)
  const isCut = lines.length > most
  return kept.map((each, index) =>
    each.length > perLine || (isCut && index === most - 1)
      ? `${each.slice(0, perLine - 1).trimEnd()}…`
      : each,
  )
}
