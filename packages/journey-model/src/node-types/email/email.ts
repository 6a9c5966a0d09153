import { emptyNeeds } from "../../conditions/needs.ts"
import { compileEmail, linksToUnsubscribe } from "../../content/email.ts"
import { unsubscribePath } from "../../content/roots.ts"
import { type Problem, problem, sentence } from "../../values/problem.ts"
import { checkReads } from "../check-reads.ts"
import { type CheckContext, defineNodeType, Family } from "../definition.ts"
import { type EmailConfig, schema } from "./config.ts"
import { decideEmail } from "./decide.ts"

const unsubscribeLink = `{{ ${unsubscribePath.join(".")} }}`

/** What no mail program runs: a tag in the content that is a program, or asks for one. */
const programTag = /<\s*(script|iframe|object|embed|form)\b/i

const checkContent = (config: EmailConfig, context: CheckContext): Problem[] => {
  const { node } = context
  const compiled = compileEmail(config)
  if (!compiled.ok) return compiled.problems.map(found => ({ ...found, node }))
  const found = checkReads(compiled.value.reads, "/html", context)
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
    const [, tag] = programTag.exec(config.html) ?? []
    if (tag !== undefined)
      found.push(problem("html-script", { node, at: "/html" }, { tag: `<${tag.toLowerCase()}>` }))
    return [...found, ...checkContent(config, context)]
  },
  needs: emptyNeeds,
  listens: () => [],
  passages: () => [{ outcome: "next" }, { outcome: "suppressed" }, { outcome: "failed" }],
  decide: decideEmail,
})
