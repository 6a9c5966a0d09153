import type { ImportTarget } from "./import.ts"

export const identityKinds = ["user_id", "email", "phone", "loyalty_card", "anonymous_id"] as const
export const attributeTypes = ["text", "number", "boolean", "date", "date-time", "list"] as const

/** What a column can become, as one word for a list of choices: `identity:email`, `attribute`, `consent`, `ignore`. */
export const targetChoices = [
  ...identityKinds.map(kind => `identity:${kind}` as const),
  "attribute",
  "consent",
  "ignore",
] as const
export type TargetChoice = (typeof targetChoices)[number]

export function choiceOf(target: ImportTarget): TargetChoice {
  return target.to === "identity" ? `identity:${target.kind}` : target.to
}

/** The target of a choice; an attribute is named after its column until somebody says otherwise. */
export function targetOf(choice: TargetChoice, column: string): ImportTarget {
  if (choice === "attribute") return { to: "attribute", name: column.trim(), type: "text" }
  if (choice === "consent" || choice === "ignore") return { to: choice }
  const kind = identityKinds.find(each => choice === `identity:${each}`)
  return kind ? { to: "identity", kind } : { to: "ignore" }
}

/** What stands against a mapping: nothing that says who a row is about, or two columns that become one thing. */
export type MappingProblem =
  | { kind: "nobody" }
  | { kind: "twice"; column: number }
  | { kind: "unnamed"; column: number }

export function problemsOf(columns: readonly ImportTarget[]): MappingProblem[] {
  const taken = new Set<string>()
  const problems = columns.flatMap((target, column): MappingProblem[] => {
    if (target.to === "ignore") return []
    if (target.to === "attribute" && target.name.trim() === "") return [{ kind: "unnamed", column }]
    const name = target.to === "attribute" ? `attribute:${target.name.trim()}` : choiceOf(target)
    if (taken.has(name)) return [{ kind: "twice", column }]
    taken.add(name)
    return []
  })
  return columns.some(({ to }) => to === "identity") ? problems : [{ kind: "nobody" }, ...problems]
}
