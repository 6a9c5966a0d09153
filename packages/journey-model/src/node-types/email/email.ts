import { emptyNeeds } from "../../conditions/needs.ts"
import { compileEmail, linksToUnsubscribe, unsubscribePath } from "../../content/email.ts"
import { splitPath } from "../../values/path.ts"
import { type Problem, problem, sentence } from "../../values/problem.ts"
import { type CheckContext, defineNodeType, Family } from "../definition.ts"
import { type EmailConfig, schema } from "./config.ts"
import { decideEmail } from "./decide.ts"

const unsubscribeLink = `{{ ${unsubscribePath.join(".")} }}`

const unseen = (
  reads: readonly string[][],
  start: readonly string[],
  known: { [path: string]: unknown },
): string[] => {
  const names = reads
    .filter(path => start.every((segment, index) => path[index] === segment))
    .map(path => path[start.length])
    .filter(name => name !== undefined)
  const isKnown = (name: string): boolean => Object.keys(known).some(path => splitPath(path)[0] === name)
  return [...new Set(names)].filter(name => !isKnown(name))
}

/** Names that the templates read and the workspace has never seen. */
const checkNames = (
  reads: readonly string[][],
  { node, knowledge, entryEvent = "" }: CheckContext,
): Problem[] => {
  const { attributes, events } = knowledge
  const event = events && Object.hasOwn(events, entryEvent) ? events[entryEvent] : undefined
  return [
    ...(attributes ? unseen(reads, ["profile"], attributes) : []).map(attribute =>
      problem("attribute-never-seen", { node }, { attribute }),
    ),
    ...(event ? unseen(reads, ["entry", "properties"], event.properties) : []).map(property =>
      problem("property-never-seen", { node }, { event: entryEvent, property }),
    ),
  ]
}

const checkContent = (config: EmailConfig, context: CheckContext): Problem[] => {
  const { node } = context
  const compiled = compileEmail(config)
  if (!compiled.ok) return compiled.problems.map(found => ({ ...found, node }))
  const found = checkNames(compiled.value.reads, context)
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
