import { readdirSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { parseSync } from "vite"
import { describe, expect, it } from "vitest"

const source = fileURLToPath(new URL("..", import.meta.url))

/** Attributes whose text a person sees or hears. */
const spoken = new Set([
  "alt",
  "aria-description",
  "aria-label",
  "aria-placeholder",
  "aria-roledescription",
  "aria-valuetext",
  "description",
  "emptyText",
  "error",
  "heading",
  "helperText",
  "label",
  "message",
  "nothingFoundMessage",
  "placeholder",
  "subtitle",
  "text",
  "title",
])

/** `profile.first_name` is the same in every language; words are not. */
const isReference = (text: string) => /^[a-z]+(\.[a-z_]+)+$/.test(text.trim())

const hasWord = (text: string) => /\p{L}{2}/u.test(text) && !isReference(text)

/** The texts of a component that do not come from the catalogue: between tags, and in attributes that are spoken. */
function findLiterals(code: string): string[] {
  const found: string[] = []
  const note = (text: unknown) => {
    if (typeof text === "string" && hasWord(text)) found.push(text.trim())
  }
  // Strings and templates that are shown as they stand, also behind a condition or a fallback.
  const noteShown = (node: unknown): void => {
    if (!isNode(node)) return
    if (node.type === "Literal") note(node.value)
    if (node.type === "TemplateLiteral" && Array.isArray(node.quasis)) {
      for (const quasi of node.quasis) note((quasi as { value?: { cooked?: unknown } }).value?.cooked)
    }
    if (node.type === "ConditionalExpression") [node.consequent, node.alternate].forEach(noteShown)
    if (node.type === "LogicalExpression") noteShown(node.right)
    if (node.type === "JSXExpressionContainer") noteShown(node.expression)
  }
  const walk = (node: unknown): void => {
    if (Array.isArray(node)) for (const each of node) walk(each)
    if (!isNode(node)) return
    if (node.type === "JSXText") note(node.value)
    if ((node.type === "JSXElement" || node.type === "JSXFragment") && Array.isArray(node.children)) {
      for (const child of node.children)
        if (isNode(child) && child.type === "JSXExpressionContainer") noteShown(child)
    }
    if (node.type === "JSXAttribute" && isNode(node.name) && spoken.has(String(node.name.name)))
      noteShown(node.value)
    for (const field of Object.values(node)) walk(field)
  }
  walk(parseSync("component.tsx", code, { lang: "tsx" }).program)
  return found
}

type Node = { type: string; [field: string]: unknown }

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value && typeof value.type === "string"
}

const components = readdirSync(source, { recursive: true, encoding: "utf8" }).filter(
  file => file.endsWith(".tsx") && !file.endsWith(".test.tsx"),
)

describe("components hold no text of their own", () => {
  it("finds text wherever it may hide", () => {
    const planted = `
      export const A = ({ ready }) => (
        <p title="One" aria-label={\`Two \${ready}\`} className="not this">
          Three {ready ? "Four" : t("fine")} {ready && "Five"} {"Six"} · {ready} {"profile.first_name"}
        </p>
      )`
    expect(findLiterals(planted).sort()).toEqual(["Five", "Four", "One", "Six", "Three", "Two"])
  })

  it("looks at all components", () => expect(components.length).toBeGreaterThan(40))

  it.each(components)("%s", file => {
    expect(findLiterals(readFileSync(`${source}/${file}`, "utf8"))).toEqual([])
  })
})
