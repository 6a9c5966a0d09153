import type { JsonObject, Problem } from "@viaggio/journey-model"
import type { z } from "zod"
import { Refusal } from "../refusal.ts"

type Issue = z.core.$ZodIssue

/** Where an input stands; what is not in the body has no JSON pointer, so its sentence says where it is. */
export const InputPlace = { body: "body", query: "query", path: "path", headers: "headers" } as const
export type InputPlace = (typeof InputPlace)[keyof typeof InputPlace]

const placeWords: Record<InputPlace, string> = {
  body: "",
  query: " in the query",
  path: " in the address",
  headers: " in the headers",
}

const mostInDetail = 3

/** The refusal of an input that does not fit: one problem each, with where it is and what to do, in our own words. */
export function refuseInput(issues: readonly Issue[], place: InputPlace = InputPlace.body): Refusal {
  const problems = issues.map(issue => toProblem(issue, place))
  const shown = problems.slice(0, mostInDetail).map(({ text }) => text)
  const more = problems.length - shown.length
  const detail = [...shown, ...(more > 0 ? [`${more} more.`] : [])].join(" ")
  return new Refusal("invalid", detail || "The input does not fit.", { problems })
}

function toProblem(issue: Issue, place: InputPlace): Problem {
  const path = issue.path.map(String)
  const subject =
    path.length > 0
      ? `“${path.join(".")}”${placeWords[place]}`
      : place === InputPlace.body
        ? "The input"
        : `What stands${placeWords[place]}`
  const values: JsonObject = { field: path.join("."), in: place }
  return {
    id: isMissing(issue) ? "input-missing" : "input-wrong",
    severity: "error",
    ...(place === InputPlace.body ? { at: toPointer(path) } : {}),
    text: `${subject} ${sayIssue(issue).replace(/\.$/, "")}.`,
    values,
  }
}

/** RFC 6901. */
const toPointer = (path: string[]): string =>
  path.map(part => `/${part.replaceAll("~", "~0").replaceAll("/", "~1")}`).join("")

/** zod tells what it got only in its own message. */
const isMissing = (issue: Issue): boolean =>
  (issue.code === "invalid_type" || issue.code === "invalid_value") &&
  / received undefined$/.test(issue.message)

const kinds: Record<string, string> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  object: "an object",
  record: "an object",
  array: "a list",
}
const kindOf = (expected: string): string => kinds[expected] ?? `of type ${expected}`

const units: Record<string, [one: string, more: string]> = {
  string: ["character", "characters"],
  array: ["entry", "entries"],
}

function amount(origin: string, count: number | bigint): string {
  const unit = units[origin]
  return unit ? `${count} ${Number(count) === 1 ? unit[0] : unit[1]}` : String(count)
}

/** The end of the sentence whose subject is the field. Schemas with words of their own keep them. */
function sayIssue(issue: Issue): string {
  switch (issue.code) {
    case "invalid_type":
      return isMissing(issue)
        ? `is missing: give ${kindOf(issue.expected)}`
        : `must be ${kindOf(issue.expected)}`
    case "too_small":
      if (issue.origin === "string" && Number(issue.minimum) === 1)
        return "is empty: give at least 1 character"
      return `must ${units[issue.origin] ? "have" : "be"} ${issue.inclusive === false ? "more than" : "at least"} ${amount(issue.origin, issue.minimum)}`
    case "too_big":
      return `must ${units[issue.origin] ? "have" : "be"} ${issue.inclusive === false ? "less than" : "at most"} ${amount(issue.origin, issue.maximum)}`
    case "invalid_format":
      if (issue.format === "email") return "must be an e-mail address such as anna@example.com"
      if (issue.format === "uuid") return "must be an id such as 0199aa00-0000-7000-8000-000000000000"
      return issue.message
    case "invalid_value":
      return `must be ${issue.values.map(value => `“${String(value)}”`).join(" or ")}`
    case "unrecognized_keys":
      return `has fields that are not known: remove ${issue.keys.map(key => `“${key}”`).join(", ")}`
    case "invalid_union": {
      const ways = issue.errors.flatMap(([first]) => (first ? [sayIssue(first)] : []))
      return [...new Set(ways)].join(", or ") || "has none of the forms that are allowed"
    }
    case "not_multiple_of":
      return `must be a multiple of ${issue.divisor}`
    case "invalid_key":
    case "invalid_element":
      return "has an entry that does not fit"
    case "custom":
      return issue.message
  }
}
