/** Whether every word that is asked for begins a word of the text, capitals and accents aside: `wel mai` finds `Welcome mail`. */
export function matches(text: string, asked: string): boolean {
  const words = plain(text).split(/[^\p{L}\p{N}]+/u)
  return plain(asked)
    .split(/\s+/)
    .filter(word => word !== "")
    .every(word => words.some(each => each.startsWith(word)) || plain(text).includes(word))
}

const plain = (text: string): string => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase()
