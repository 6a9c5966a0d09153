import type { JsonObject } from "../values/json.ts"
import { type Problem, problem, type Result, word } from "../values/problem.ts"
import { htmlToText } from "./html-to-text.ts"
import { isUnknownRead, unsubscribePath } from "./roots.ts"
import { parseTemplate, renderTemplate, type Template, type TemplateKind } from "./template.ts"

/** The words of an e-mail as templates; `text` absent is made from the HTML. */
export type EmailContent = { subject: string; preheader?: string; html: string; text?: string }

/** An e-mail whose templates were read; `reads` and `required` over all of them without `links`. */
export type CompiledEmail = {
  subject: Template
  preheader?: Template
  html: Template
  text?: Template
  reads: string[][]
  required: string[][]
}

/** An e-mail as one customer gets it. */
export type RenderedEmail = { subject: string; preheader?: string; html: string; text: string }

type Field = "subject" | "preheader" | "html" | "text"

const kinds: { [Name in Field]: TemplateKind } = {
  subject: "text",
  preheader: "text",
  html: "html",
  text: "text",
}

const fieldWords = {
  subject: "word.subject",
  preheader: "word.preheader",
  html: "word.html",
  text: "word.plain-text",
} as const satisfies { [Name in Field]: string }

const isValue = ([root]: readonly string[]): boolean => root !== "links"

const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause))

const compiled = new WeakMap<EmailContent, Result<CompiledEmail>>()

/**
 * Reads the templates of an e-mail. Not ok when one cannot be read or names what no template has; problems
 * carry the field as JSON Pointer. The same content object is compiled once.
 */
export function compileEmail(content: EmailContent): Result<CompiledEmail> {
  const known = compiled.get(content)
  if (known) return known
  const result = compile(content)
  compiled.set(content, result)
  return result
}

const compile = (content: EmailContent): Result<CompiledEmail> => {
  const problems: Problem[] = []
  const read = (field: Field, source: string): Template => {
    try {
      const template = parseTemplate(source, kinds[field])
      for (const path of template.reads.filter(isUnknownRead)) {
        problems.push(problem("template-variable-unknown", { at: `/${field}` }, { variable: path.join(".") }))
      }
      return template
    } catch (cause) {
      problems.push(
        problem(
          "template-invalid",
          { at: `/${field}` },
          { field: word(fieldWords[field]), message: messageOf(cause) },
        ),
      )
      return { kind: kinds[field], pieces: [], reads: [], required: [] }
    }
  }
  const email: CompiledEmail = {
    subject: read("subject", content.subject),
    html: read("html", content.html),
    reads: [],
    required: [],
  }
  if (content.preheader !== undefined) email.preheader = read("preheader", content.preheader)
  if (content.text !== undefined) email.text = read("text", content.text)
  for (const template of templatesOf(email)) {
    email.reads.push(...template.reads.filter(isValue))
    email.required.push(...template.required.filter(isValue))
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, value: email, problems }
}

const templatesOf = (email: CompiledEmail): Template[] =>
  [email.subject, email.preheader, email.html, email.text].filter(template => template !== undefined)

/** Whether a template of the message may show the link by which one unsubscribes. */
export function linksToUnsubscribe(email: CompiledEmail): boolean {
  return [email.html, email.text].some(template =>
    template?.reads.some(path => path.join(".") === unsubscribePath.join(".")),
  )
}

/** Makes the message from its frozen values; throws where a filter refuses a value or a limit is passed. */
export function renderEmail(
  email: CompiledEmail,
  values: JsonObject,
  links: { unsubscribe: string },
): RenderedEmail {
  const scope = { ...values, links }
  const oneLine = (template: Template): string => renderTemplate(template, scope).replace(/\s+/g, " ").trim()
  const html = renderTemplate(email.html, scope)
  const text = email.text ? renderTemplate(email.text, scope) : htmlToText(html)
  const rendered: RenderedEmail = { subject: oneLine(email.subject), html, text }
  if (email.preheader) rendered.preheader = oneLine(email.preheader)
  return rendered
}
