import { useTranslation } from "react-i18next"
import { showValue } from "./json-value.ts"

/** What decided a step, as the engine notes it: `{ leaf: "profile.country", value: "IT" }`. */
export type Because = Record<string, unknown>

/** What decided, taken apart for a sentence; `other` for a note of a kind that is not known here. */
export type Reason =
  | { kind: "attribute" | "property" | "context"; name: string; value?: string }
  | { kind: "count"; name: string; count: number }
  | { kind: "event"; name: string }
  | { kind: "other"; text: string }

const places = [
  ["attribute", /^profile\.(.+)$/],
  ["property", /^entry\.(?:properties\.)?(.+)$/],
  ["context", /^context\.(.+)$/],
] as const

export function readBecause(because: Because): Reason {
  const { leaf, value } = because
  if (typeof leaf === "string") {
    const event = /^event\((.+)\)$/.exec(leaf)?.[1]
    if (event !== undefined) return { kind: "event", name: event }
    const counted = /^count\((.+)\)$/.exec(leaf)?.[1]
    if (counted !== undefined && typeof value === "number")
      return { kind: "count", name: counted, count: value }
    for (const [kind, pattern] of places) {
      const name = pattern.exec(leaf)?.[1]
      if (name !== undefined)
        return { kind, name, ...(value === undefined || value === null ? {} : { value: showValue(value) }) }
    }
  }
  const said = Object.entries(because).map(([name, of]) =>
    name === "leaf" ? showValue(of) : `${name}: ${showValue(of)}`,
  )
  return { kind: "other", text: said.join(", ") }
}

/** Says what decided a step: "first_name was Ada". */
export function useBecause(): (because: Because) => string {
  const { t } = useTranslation("customers")
  return because => {
    const reason = readBecause(because)
    switch (reason.kind) {
      case "event":
        return t("because.event", { name: reason.name })
      case "count":
        return t("because.count", { name: reason.name, count: reason.count })
      case "other":
        return t("because.other", { text: reason.text })
      default:
        return reason.value === undefined
          ? t(`because.${reason.kind}.unknown`, { name: reason.name })
          : t(`because.${reason.kind}.known`, { name: reason.name, value: reason.value })
    }
  }
}
