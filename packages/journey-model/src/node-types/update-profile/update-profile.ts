import * as z from "zod"
import { checkRef } from "../../conditions/check.ts"
import { compileOperand } from "../../conditions/compare.ts"
import { emptyNeeds } from "../../conditions/needs.ts"
import { name, operand } from "../../conditions/schema.ts"
import type { Json, JsonObject } from "../../values/json.ts"
import { splitPath } from "../../values/path.ts"
import { type Problem, problem, type Sentence, sentence } from "../../values/problem.ts"
import { normaliseJson } from "../../values/text.ts"
import { defineNodeType, Family } from "../definition.ts"

const schema = z.strictObject({
  set: z
    .array(z.strictObject({ attribute: name, value: operand }))
    .max(100)
    .default([]),
  unset: z.array(name).max(100).default([]),
})

/**
 * `{ set: [{ attribute: "welcomed", value: true }], unset: ["trial_until"] }`. A value may be a reference; one that
 * has no value leaves the attribute as it is.
 */
export type UpdateProfileConfig = z.infer<typeof schema>

/** The attribute that a name means: a whole one of the customer, `\.` a dot inside its name. */
const attributeOf = (written: string): string | undefined => {
  const [only, ...more] = splitPath(written)
  return more.length > 0 ? undefined : only
}

const places = ({ set, unset }: UpdateProfileConfig): { attribute: string; at: string }[] => [
  ...set.map(({ attribute }, index) => ({ attribute, at: `/set/${index}/attribute` })),
  ...unset.map((attribute, index) => ({ attribute, at: `/unset/${index}` })),
]

const checkAttributes = (node: string, config: UpdateProfileConfig): Problem[] => {
  const seen = new Set<string>()
  return places(config).flatMap(({ attribute, at }): Problem[] => {
    if (attribute === "") return [problem("attribute-missing", { node, at })]
    if (attributeOf(attribute) === undefined)
      return [problem("attribute-nested", { node, at }, { attribute })]
    if (seen.has(attribute)) return [problem("attribute-written-twice", { node, at }, { attribute })]
    seen.add(attribute)
    return []
  })
}

const describe = ({ set, unset }: UpdateProfileConfig): Sentence => {
  const written = set.map(({ attribute }) => attribute)
  if (written.length === 0 && unset.length === 0) return sentence("node.update-profile.empty")
  if (unset.length === 0) return sentence("node.update-profile", { set: written })
  if (written.length === 0) return sentence("node.update-profile.unset", { unset })
  return sentence("node.update-profile.both", { set: written, unset })
}

export const updateProfile = defineNodeType({
  type: "update-profile",
  version: 1,
  family: Family.data,
  waits: false,
  schema,
  defaults: (): UpdateProfileConfig => ({ set: [{ attribute: "", value: "" }], unset: [] }),
  outcomes: () => ["next"] as const,
  describe,
  check: (config, context) => {
    const { node } = context
    const refs = config.set.flatMap(({ value }, index) =>
      typeof value === "object" && !Array.isArray(value)
        ? checkRef(value.ref, { ...context, at: `/set/${index}` })
        : [],
    )
    const isEmpty = config.set.length === 0 && config.unset.length === 0
    const empty = isEmpty ? [problem("update-empty", { node, at: "/set" })] : []
    return [...empty, ...checkAttributes(node, config), ...refs]
  },
  needs: emptyNeeds,
  listens: () => [],
  passages: () => [{ outcome: "next" }],
  decide: config => {
    const removed = config.unset.map(written => attributeOf(written) ?? written)
    const written = config.set.map(({ attribute, value }) => {
      const prepared = compileOperand(value)
      return {
        attribute: attributeOf(attribute) ?? attribute,
        ref: typeof value === "object" && !Array.isArray(value) ? value.ref : "",
        // Text of a document is as its author typed it; what a profile holds is normalised.
        value: "constant" in prepared ? normaliseJson(prepared.constant) : prepared.read,
      }
    })
    return moment => {
      const traits: JsonObject = {}
      const unknown: string[] = []
      for (const { attribute, ref, value } of written) {
        const found: Json | undefined = typeof value === "function" ? value(moment) : value
        if (found === undefined || found === null) unknown.push(ref)
        else traits[attribute] = found
      }
      for (const attribute of removed) traits[attribute] = null
      return {
        kind: "leave",
        outcome: "next",
        traits,
        ...(unknown.length > 0 ? { because: { leaf: unknown.join(", ") } } : {}),
      }
    }
  },
})
