const policy =
  "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\">"

const opening = /^\s*(<!doctype[^>]*>\s*)?(<html[^>]*>\s*)?(<head[^>]*>)?/i

/**
 * A page that loads nothing from anywhere: the policy stands before the first thing that could ask for a picture.
 * A picture's address may carry a customer's values, so showing it to oneself would send them.
 */
export const isolateHtml = (html: string): string => html.replace(opening, start => start + policy)

// Before the mail's own styles, which win where they say something.
const dark =
  "<style>:root { color-scheme: dark; background: #16181d; color: #e8e9ed } a { color: #a9b4ff }</style>"

/** The page of a frame that shows a mail: isolated or not, on white or as a reader with a dark screen has it. */
export function frameHtml(html: string, how: { isolated: boolean; scheme: "light" | "dark" }): string {
  const coloured = how.scheme === "dark" ? html.replace(opening, start => start + dark) : html
  return how.isolated ? isolateHtml(coloured) : coloured
}

/** Whether an address in the template holds a value, so that loading it would tell somebody what the value is. */
export const asksWithValues = (template: string): boolean =>
  /(src|srcset|href|background|poster|data)\s*=\s*(["'])(?:(?!\2).)*\{[{%]|url\([^)]*\{[{%]/is.test(
    template.replace(/<a\s[^>]*>/gi, ""),
  )
