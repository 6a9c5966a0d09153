/** The names that a template may start from. `links` is filled in when the message is rendered. */
const templateRoots = ["profile", "entry", "context", "links"] as const

/** The only link that exists so far, as templates name it. */
export const unsubscribePath = ["links", "unsubscribe"]

/** A name that no template has, such as `customer.name` or `links.home`. */
export function isUnknownRead(path: readonly string[]): boolean {
  const [root, name] = path
  if (root === "links") return path.length !== 2 || name !== unsubscribePath[1]
  if (root === "entry")
    return !(name === undefined || name === "name" || name === "at" || name === "properties")
  return !templateRoots.some(known => known === root)
}
