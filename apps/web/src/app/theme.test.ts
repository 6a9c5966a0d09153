import { readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"

const css = readFileSync(new URL("./theme.css", import.meta.url), "utf8")

function readScheme(selector: string): Map<string, string> {
  const block = css.slice(css.indexOf(selector)).split("}")[0] ?? ""
  return new Map([...block.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})/g)].map(m => [m[1]!, m[2]!]))
}

function luminance(hex: string): number {
  const channels = [1, 3, 5].map(at => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * channels[0]! + 0.7152 * channels[1]! + 0.0722 * channels[2]!
}

/** The contrast ratio of WCAG 2.2, 1 to 21. */
function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x)
  return (light! + 0.05) / (dark! + 0.05)
}

const families = ["entry", "wait", "decision", "experiment", "message", "loyalty", "store", "data", "exit"]
const tints = ["danger", "warning", "success"]

describe.each([
  ["light", ':root[data-mantine-color-scheme="light"]'],
  ["dark", ':root[data-mantine-color-scheme="dark"]'],
])("%s", (_, selector) => {
  const colours = readScheme(selector)
  const colour = (name: string) => {
    const value = colours.get(name)
    if (!value) throw new Error(`no colour ${name}`)
    return value
  }
  const surfaces = ["surface", "surface-raised", "surface-sunken", "surface-hover"]

  it("figures on the accent can be read", () => {
    expect(contrast(colour("on-accent"), colour("accent"))).toBeGreaterThanOrEqual(4.5)
  })

  it.each([...families.map(family => `family-${family}`), ...tints])(
    "%s reads on its tint and on every surface",
    name => {
      for (const ground of [`${name}-soft`, "surface", "surface-raised", "surface-sunken"]) {
        expect(contrast(colour(name), colour(ground)), `${name} on ${ground}`).toBeGreaterThanOrEqual(4.5)
      }
    },
  )

  it.each(["ink", "ink-soft", "accent"])("%s reads on every surface", name => {
    for (const ground of [...surfaces, "accent-soft"]) {
      expect(contrast(colour(name), colour(ground)), `${name} on ${ground}`).toBeGreaterThanOrEqual(4.5)
    }
  })

  it("shows the edges of controls at 3 to 1", () => {
    for (const ground of ["surface", "surface-raised"]) {
      expect(contrast(colour("line-strong"), colour(ground))).toBeGreaterThanOrEqual(3)
    }
  })
})
