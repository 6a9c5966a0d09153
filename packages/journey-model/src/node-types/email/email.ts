import { emptyNeeds } from "../../conditions/needs.ts"
import { compileEmail, linksToUnsubscribe, unsubscribePath } from "../../content/email.ts"
import type { Knowledge } from "../../values/known.ts"
import { type Problem, problem, sentence } from "../../values/problem.ts"
import { type CheckContext, defineNodeType, Family } from "../definition.ts"
import { type EmailConfig, schema } from "./config.ts"
import { decideEmail } from "./decide.ts"

const unsubscribeLink = `{{ ${unsubscribePath.join(".")} }}`

const checkAttributes = (reads: readonly string[][], node: string, { attributes }: Knowledge): Problem[] => {
  if (!attributes) return []
  const unseen = reads.filter(
    ([root, name]) => root === "profile" && name !== undefined && !Object.hasOwn(attributes, name),
  )
  const names = new Set(unseen.map(([, name]) => name as string))
  return [...names]
    .filter(name => !Object.keys(attributes).some(path => path.startsWith(`${name}.`)))
    .map(attribute => problem("attribute-never-seen", { node }, { attribute }))
}

const checkContent = (config: EmailConfig, { node, knowledge }: CheckContext): Problem[] => {
  const compiled = compileEmail(config)
  if (!compiled.ok) return compiled.problems.map(found => ({ ...found, node }))
  const found = checkAttributes(compiled.value.reads, node, knowledge)
  if (config.purpose === "marketing" && config.html.trim() !== "" && !linksToUnsubscribe(compiled.value)) {
    found.push(problem("unsubscribe-missing", { node, at: "/html" }, { variable: unsubscribeLink }))
  }
  return found
}

export const email = defineNodeType({
  type: "email",
  version: 1,
  family: Family.message,
  waits: false,
  schema,
  defaults: (): EmailConfig => ({
    purpose: "marketing",
    subject: "",
    html: `<p></p>\n<p><a href="${unsubscribeLink}">Unsubscribe</a></p>`,
    tracking: { opens: true, clicks: true },
  }),
  outcomes: () => ["next", "suppressed", "failed"] as const,
  describe: ({ subject }) =>
    subject.trim() === "" ? sentence("node.email.empty") : sentence("node.email", { subject }),
  check: (config, context) => {
    const { node } = context
    const found: Problem[] = []
    if (config.subject.trim() === "") found.push(problem("subject-missing", { node, at: "/subject" }))
    if (config.html.trim() === "") found.push(problem("content-missing", { node, at: "/html" }))
    return [...found, ...checkContent(config, context)]
  },
  needs: emptyNeeds,
  listens: () => [],
  passages: () => [{ outcome: "next" }, { outcome: "suppressed" }, { outcome: "failed" }],
  decide: decideEmail,
})
