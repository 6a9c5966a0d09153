import type { View } from "../conditions/facts.ts"
import type { Json, JsonObject } from "../values/json.ts"
import { readSegments } from "../values/path.ts"
import { toPointer } from "../values/pointer.ts"
import { type Problem, problem, type Result, word } from "../values/problem.ts"
import { compileFreeze } from "./freeze.ts"
import { isUnknownRead } from "./roots.ts"
import { lonePath, parseTemplate, renderTemplate } from "./template.ts"

/** Fills in one part of a body with the values that the templates read of a customer. */
type Fill = (values: JsonObject) => Json

/**
 * A JSON value whose strings are templates, read once. `reads` and `required` as of templates;
 * `fill` throws where a filter refuses a value.
 */
export type CompiledBody = {
  reads: string[][]
  required: string[][]
  fill: (view: View) => Json
}

const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause))

/** Reads the templates of a body; problems carry the place in it as JSON Pointer under `/body`. */
export function compileBody(body: Json): Result<CompiledBody> {
  const problems: Problem[] = []
  const reads: string[][] = []
  const required: string[][] = []

  const compileText = (text: string, at: string): Fill => {
    try {
      const template = parseTemplate(text, "text")
      for (const path of template.reads.filter(path => path[0] === "links" || isUnknownRead(path)))
        problems.push(problem("template-variable-unknown", { at }, { variable: path.join(".") }))
      reads.push(...template.reads)
      required.push(...template.required)
      const lone = lonePath(template)
      // What is no plain member, such as the size of a list, has no type of its own and comes as text.
      if (lone) return values => readSegments(values, lone) ?? renderTemplate(template, values)
      return values => renderTemplate(template, values)
    } catch (cause) {
      const values = { field: word("word.body"), message: messageOf(cause) }
      problems.push(problem("template-invalid", { at }, values))
      return () => null
    }
  }

  const compilePart = (part: Json, path: readonly (string | number)[]): Fill => {
    if (typeof part === "string") return compileText(part, toPointer(["body", ...path]))
    if (typeof part !== "object" || part === null) return () => part
    if (Array.isArray(part)) {
      const fills = part.map((item, index) => compilePart(item, [...path, index]))
      return values => fills.map(fill => fill(values))
    }
    const fills = Object.entries(part).map(
      ([key, value]) => [key, compilePart(value, [...path, key])] as const,
    )
    return values => Object.fromEntries(fills.map(([key, fill]) => [key, fill(values)]))
  }

  const fill = compilePart(body, [])
  if (problems.length > 0) return { ok: false, problems }
  const freeze = compileFreeze(reads)
  const value = { reads, required, fill: (view: View) => fill(freeze(view)) }
  return { ok: true, value, problems }
}
