const pattern = /^[a-z][a-z0-9_-]{0,62}$/

/** Whether a text may name a node, branch, journey or exit reason: `welcome-mail`, at most 63 characters. */
export function isId(text: string): boolean {
  return pattern.test(text)
}

/** A readable id from a name: "Welcome mail" is `welcome-mail`, "Città 2" is `citta-2`, "42" is `j-42`. */
export function slugId(name: string): string {
  const plain = name
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
  const led = /^[a-z]/.test(plain) ? plain : `j-${plain}`
  const cut = led.slice(0, 63).replace(/-+$/, "")
  return cut === "j" ? "journey" : cut
}
