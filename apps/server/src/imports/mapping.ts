import { z } from "zod"
import { type Cell, readCell } from "./cells.ts"

export const identityKinds = ["user_id", "loyalty_card", "email", "phone", "anonymous_id"] as const
export const cellTypes = ["text", "number", "boolean", "date", "date-time", "list"] as const

const targetSchema = z.discriminatedUnion("to", [
  z.object({ to: z.literal("identity"), kind: z.enum(identityKinds) }),
  z.object({ to: z.literal("attribute"), name: z.string().trim().min(1).max(200), type: z.enum(cellTypes) }),
  z.object({ to: z.literal("consent") }),
  z.object({ to: z.literal("ignore") }),
])

/** What becomes of a file's columns, one target each. */
export const mappingSchema = z.object({
  columns: z.array(targetSchema).min(1).max(1_000),
  /** How dates such as 03/04/2026 are meant; those that begin with the year are always understood. */
  dates: z.enum(["dmy", "mdy", "ymd"]).default("dmy"),
  decimal: z.enum([".", ","]).default("."),
  /** `history`: the rows change what is known, and make nothing happen. */
  mode: z.enum(["history", "live"]).default("history"),
})

/**
 * Where a column goes. E-mail and phone become attributes too. `consent`: "no" means that the customer wants no
 * marketing; "yes" changes nothing, for who has unsubscribed since then stays so.
 */
export type ImportTarget = z.output<typeof targetSchema>
export type ImportMapping = z.output<typeof mappingSchema>

type Words = { target: ImportTarget; words: RegExp }

const identity = (kind: (typeof identityKinds)[number]): ImportTarget => ({ to: "identity", kind })
const text = (name: string): ImportTarget => ({ to: "attribute", name, type: "text" })

/** Names of columns as shops write them, English and Italian. */
const known: Words[] = [
  {
    target: identity("email"),
    words: /^(e ?mail|mail|(e ?mail|indirizzo) (address|e ?mail)|posta elettronica)$/,
  },
  {
    target: identity("user_id"),
    words:
      /^(id|user ?id|customer ?id|client ?id|customer (number|no|code)|(id|codice|numero) cliente|codice utente)$/,
  },
  {
    target: identity("phone"),
    words: /^(phone|mobile|cell(ulare)?|telefono|tel|(phone|mobile|telephone) number|numero di telefono)$/,
  },
  {
    target: identity("loyalty_card"),
    words: /^(loyalty card|card( number| no| id)?|tessera|(numero|codice) (tessera|carta)|carta fedelt[aà])$/,
  },
  { target: identity("anonymous_id"), words: /^anonymous ?id$/ },
  {
    target: { to: "consent" },
    words: /^(consent|opt ?in|newsletter|marketing( consent)?|subscribed|consenso( marketing)?|iscritto)$/,
  },
  { target: text("first_name"), words: /^(first ?name|given name|nome)$/ },
  { target: text("last_name"), words: /^(last ?name|surname|family name|cognome)$/ },
  { target: text("name"), words: /^(name|full name|nome (e cognome|completo))$/ },
  { target: text("country"), words: /^(country|paese|nazione|stato)$/ },
  { target: text("city"), words: /^(city|town|citt[aà])$/ },
  {
    target: { to: "attribute", name: "birthday", type: "date" },
    words: /^(birth ?day|birth ?date|date of birth|data di nascita|compleanno)$/,
  },
]

/** How a file writes dates and numbers. */
type Written = Pick<ImportMapping, "dates" | "decimal">

/** Where a column probably goes, by its name and what stands in it. */
export function suggestTarget(column: string, samples: readonly string[], written: Written): ImportTarget {
  const words = column
    .replaceAll(/([a-z])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .replaceAll(/[\s_.-]+/g, " ")
    .trim()
  const found = known.find(each => each.words.test(words))
  if (found !== undefined) return found.target
  const name = words.replaceAll(/[^\p{L}\p{N}]+/gu, "_").replaceAll(/^_+|_+$/g, "")
  if (name === "") return { to: "ignore" }
  return { to: "attribute", name, type: typeOf(samples, written) }
}

/** The narrowest type that all samples have; digits that begin with a nought are a code and no number. */
const typeOf = (samples: readonly string[], written: Written): (typeof cellTypes)[number] => {
  const filled = samples.filter(sample => sample.trim() !== "")
  if (filled.length === 0) return "text"
  const reading = { ...written, zone: "UTC" }
  const all = (type: (typeof cellTypes)[number]) =>
    filled.every(sample => (readCell(sample, type, reading) as Cell).ok)
  const isCode = filled.some(sample => /^0\d/.test(sample.trim()))
  if (all("number") && !isCode) return "number"
  if (all("boolean")) return "boolean"
  if (all("date")) return "date"
  return all("date-time") ? "date-time" : "text"
}
