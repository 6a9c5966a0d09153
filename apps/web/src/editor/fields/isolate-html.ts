const policy =
  "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\">"

const opening = /^\s*(<!doctype[^>]*>\s*)?(<html[^>]*>\s*)?(<head[^>]*>)?/i

/**
 * A page that loads nothing from anywhere: the policy stands before the first thing that could ask for a picture.
 * A picture's address may carry a customer's values, so showing it to oneself would send them.
 */
export const isolateHtml = (html: string): string => html.replace(opening, start => start + policy)

/** Whether an address in the template holds a value, so that loading it would tell somebody what the value is. */
export const asksWithValues = (template: string): boolean =>
  /(src|srcset|href|background|poster|data)\s*=\s*(["'])(?:(?!\2).)*\{[{%]|url\([^)]*\{[{%]/is.test(
    template.replace(/<a\s[^>]*>/gi, ""),
  )
