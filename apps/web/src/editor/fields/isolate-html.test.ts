import { describe, expect, it } from "vitest"
import { asksWithValues, frameHtml, isolateHtml } from "./isolate-html.ts"

const meta = /<meta http-equiv="Content-Security-Policy"[^>]*>/

describe("a mail that loads nothing", () => {
  it.each([
    ["a fragment", "<p>Hi</p>", ""],
    ["a page", "<!doctype html><html lang=en><head><title>Hi</title>", "<!doctype html><html lang=en><head>"],
    ["a page without a head", "<!DOCTYPE html>\n<body>", "<!DOCTYPE html>\n"],
    ["nothing", "", ""],
  ])("has the policy first in %s", (_name, html, before) => {
    const isolated = isolateHtml(html)
    const at = isolated.search(meta)
    expect(isolated.slice(0, at)).toBe(before)
    expect(isolated.replace(meta, "")).toBe(html)
  })

  it("forbids everything but what the page itself holds", () => {
    expect(isolateHtml("")).toContain("default-src 'none'")
  })
})

describe("a template whose addresses hold values", () => {
  it.each([
    ['<img src="https://shop.example/logo.png"><p>{{ profile.first_name }}</p>', false],
    ['<a href="{{ links.unsubscribe }}">Unsubscribe</a>', false],
    ['<img src="https://shop.example/p?e={{ profile.email }}">', true],
    ["<td background='https://shop.example/{{ entry.properties.sku }}.png'>", true],
    ['<p style="background: url(https://shop.example/{{ profile.tier }}.png)">', true],
  ])("%s: %s", (template, asks) => {
    expect(asksWithValues(template)).toBe(asks)
  })
})

describe("the page of a frame", () => {
  it("is the mail as it is on white", () => {
    expect(frameHtml("<p>Hi</p>", { isolated: false, scheme: "light" })).toBe("<p>Hi</p>")
  })

  it("is dark before the mail's own styles, which win", () => {
    const page = frameHtml("<head><style>p { color: red }</style></head><p>Hi</p>", {
      isolated: true,
      scheme: "dark",
    })
    expect(page.indexOf("Content-Security-Policy")).toBeLessThan(page.indexOf("color-scheme: dark"))
    expect(page.indexOf("color-scheme: dark")).toBeLessThan(page.indexOf("color: red"))
  })
})
