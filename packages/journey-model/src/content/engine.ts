import { Liquid, type LiquidOptions } from "./liquidjs.js"

/**
 * What templates may use. Left out: tags that read other templates, filters that draw at random (`sample`),
 * that keep expressions in strings which no analysis sees (`*_exp`), or that are of no use in a message.
 */
const tags = new Set(
  "assign for capture case comment decrement increment cycle if raw unless break continue echo liquid # tablerow".split(
    " ",
  ),
)
const filters = new Set(
  (
    "escape xml_escape escape_once newline_to_br strip_html abs at_least at_most ceil divided_by floor minus plus " +
    "modulo times round url_decode url_encode cgi_escape uri_escape slugify join last first reverse sort " +
    "sort_natural size map sum compact concat slice where reject group_by has find uniq date date_to_xmlschema " +
    "date_to_rfc822 date_to_string date_to_long_string append prepend lstrip downcase upcase remove remove_first " +
    "remove_last rstrip split strip strip_newlines squish capitalize replace replace_first replace_last truncate " +
    "truncatewords normalize_whitespace number_of_words array_to_sentence_string default raw json to_integer"
  ).split(" "),
)

const dateFilters = ["date", "date_to_xmlschema", "date_to_rfc822", "date_to_string", "date_to_long_string"]

const isClock = (value: unknown): boolean =>
  typeof value === "string" && /^(?:now|today)$/i.test(value.trim())

const make = (escaped: boolean): Liquid => {
  const options: LiquidOptions = {
    ownPropertyOnly: true,
    strictFilters: true,
    timezoneOffset: 0,
    locale: "en-US",
    parseLimit: 2_000_000,
    renderLimit: 1000,
    memoryLimit: 10_000_000,
  }
  const engine = new Liquid(escaped ? { ...options, outputEscape: "escape" } : options)
  for (const name of Object.keys(engine.tags)) if (!tags.has(name)) delete engine.tags[name]
  for (const name of Object.keys(engine.filters)) if (!filters.has(name)) delete engine.filters[name]
  for (const name of dateFilters) {
    const original = engine.filters[name] as (this: unknown, value: unknown, ...rest: unknown[]) => unknown
    engine.registerFilter(name, function (this: unknown, value: unknown, ...rest: unknown[]) {
      // A message reads the same whenever it is rendered, so the machine's clock is no value of a template.
      if (isClock(value)) throw new Error("the time of rendering is not available; use entry.at")
      return original.call(this, value, ...rest)
    })
  }
  return engine
}

let shared: { html: Liquid; text: Liquid } | undefined

/** The two template engines: in HTML every output is escaped unless `| raw`, in text nothing is. */
export function engines(): { html: Liquid; text: Liquid } {
  shared ??= { html: make(true), text: make(false) }
  return shared
}
