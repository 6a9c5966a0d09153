import { chromium, expect } from "@playwright/test"
import { launchOptions } from "./browser.ts"
import { createApi } from "./fixtures/api.ts"
const url = "http://localhost:4701"
const key = "fin-admin-key-000000000000000000"
const api = createApi({ url, key })
const long = (text: string) => (text + " for customers who bought twice within the last season and live abroad").slice(0, 80)
const email = { purpose: "marketing", subject: "A very warm welcome, {{ profile.first_name | default: 'dear friend' }}, to the autumn season of Bottega Aurora", html: "<p>Hello {{ profile.first_name }}</p><p><a href='{{ links.unsubscribe }}'>stop</a></p>", tracking: { opens: true, clicks: true } }
const branches = ["Has spent more than five hundred euros", "Lives in Milan", "VIP", "Came back after a long time away from the shop", "Bought shoes", "Newsletter reader of the last twelve months"].map((name, i) => ({ id: `b${i + 1}`, name, when: { kind: "all", of: [{ kind: "profile", path: "country", is: "in", value: ["IT", "FR", "DE"] }, { kind: "event-count", event: "Order Completed", period: "P30D", atLeast: i + 1 }, { kind: "profile", path: "total_spent", is: "gt", value: 500 }] } }))
const journey = {
  format: 1, key: "long-names", name: long("Autumn season welcome with coupon and reminder"), settings: { reentry: { mode: "once" } },
  nodes: [
    { id: "start", type: "event-entry", version: 1, name: long("Signed up on the web shop or at a till"), config: { event: "Account Created With The Long Name Of A Partner Programme", maxAge: "P1D" } },
    { id: "welcome", type: "email", version: 1, name: long("Welcome to the season with a picture of the shop"), config: email },
    { id: "wait", type: "wait-for-event", version: 1, name: long("Wait for the first order, the first visit or"), config: { branches: [{ id: "ordered", name: "Ordered something", event: "Order Completed" }, { id: "visited", event: "Store Visited With A Loyalty Card" }], timeout: "P3D", since: "entry" } },
    { id: "split", type: "split", version: 1, name: long("Who are they"), config: { branches } },
    ...branches.map((b, i) => ({ id: `m${i}`, type: i % 2 ? "delay" : "email", version: 1, ...(i === 2 ? {} : { name: long(`Step ${i}`) }), config: i % 2 ? { for: "P1DT12H30M" } : email })),
    { id: "bought", type: "exit", version: 1, name: long("Bought"), config: { reason: "bought-something-within-the-first-three-days-of-all" } },
    { id: "done", type: "exit", version: 1, config: { reason: "done" } },
  ],
  edges: [
    { from: "start", outcome: "next", to: "welcome" }, { from: "welcome", outcome: "next", to: "wait" },
    { from: "wait", outcome: "ordered", to: "bought" }, { from: "wait", outcome: "visited", to: "split" }, { from: "wait", outcome: "timeout", to: "split" },
    ...branches.map((b, i) => ({ from: "split", outcome: b.id, to: `m${i}` })), { from: "split", outcome: "else", to: "done" },
    ...branches.map((b, i) => ({ from: `m${i}`, outcome: "next", to: i === 3 ? "wait" : "done" })),
  ],
}
const browser = await chromium.launch(launchOptions)
const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: process.env.LANG_ ?? "en-GB", reducedMotion: "reduce", colorScheme: (process.env.SCHEME as "dark") ?? "light" })
const page = await context.newPage()
page.on("console", m => { if (m.type() === "error") console.log("console", m.text()) })
const owner = { name: "Aurora Bianchi", email: "aurora@example.com", password: "correct horse battery" }
if (process.env.TOKEN) {
  const r = await page.request.post(`${url}/api/trpc/setup.complete`, { data: { token: process.env.TOKEN, ...owner, workspace: { name: "Bottega Aurora", zone: "Europe/Rome", language: "en" } } })
  console.log(r.status(), await r.text())
}
await page.request.post(`${url}/api/auth/sign-in/email`, { data: { email: owner.email, password: owner.password } })
const session = await (await page.request.get(`${url}/api/trpc/session.get`)).json() as any
const ws = session.result.data.workspaces[0].id
if (process.env.TOKEN) {
  console.log(JSON.stringify(await api.call("PUT", "/journeys/long-names", journey)).slice(0, 1500))
  console.log(JSON.stringify(await api.call("POST", "/journeys/long-names/publish", {})).slice(0, 1500))
  const at = new Date().toISOString()
  const batch = Array.from({ length: 40 }, (_, i) => [
    { type: "identify", userId: `c${i}`, messageId: `i${i}`, timestamp: at, traits: { email: `c${i}@example.com`, first_name: `Ada ${i}`, country: "IT", total_spent: i * 100 } },
    { type: "track", userId: `c${i}`, event: "Order Completed", messageId: `o${i}`, timestamp: at, properties: { total: 12 + i } },
    { type: "track", userId: `c${i}`, event: "Account Created With The Long Name Of A Partner Programme", messageId: `t${i}`, timestamp: at, properties: { plan: "free" } },
    ...(i % 3 ? [{ type: "track", userId: `c${i}`, event: "Store Visited With A Loyalty Card", messageId: `v${i}`, timestamp: new Date(Date.now() + 500).toISOString(), properties: {} }] : []),
  ]).flat()
  const sent = await fetch(`${url}/v1/batch`, { method: "POST", headers: { authorization: `Basic ${Buffer.from(`${key}:`).toString("base64")}`, "content-type": "application/json" }, body: JSON.stringify({ batch }) })
  console.log(sent.status, await sent.text())
}
const scheme = process.env.SCHEME ?? "light"
const tag = process.env.TAG ?? scheme
let n = 0
const shot = async (name: string) => { await page.waitForTimeout(250); await page.screenshot({ path: `/tmp/fin/${tag}-${String(++n).padStart(2, "0")}-${name}.png` }) }
const it_ = (process.env.LANG_ ?? "en").startsWith("it")
const steps: Record<string, () => Promise<unknown>> = {
  async open() { await page.goto(`${url}/w/${ws}/journeys/long-names`); await page.locator("[data-node=split]").waitFor(); await page.waitForTimeout(600); await shot("open") },
  async live() { await page.keyboard.press("Escape"); await page.locator("[data-journey-canvas]").focus(); await page.keyboard.press("o"); await page.waitForTimeout(1500); await shot("live") ; await page.keyboard.press("0"); await page.waitForTimeout(500); await shot("live-fit")},
  async near() { await page.locator("[data-node=split]").click({ position: { x: 60, y: 20 } }); await page.keyboard.press("1"); await page.waitForTimeout(500); await shot("near-split") },
  async near2() { await page.keyboard.press("0"); await page.waitForTimeout(400); await page.locator("[data-node=welcome]").click({ position: { x: 60, y: 20 } }); await page.keyboard.press("2"); await page.waitForTimeout(500); await shot("email-inspector") },
  async wait() { await page.keyboard.press("0"); await page.waitForTimeout(400); await page.locator("[data-node=wait]").click({ position: { x: 60, y: 20 } }); await page.waitForTimeout(300); await shot("wait-inspector"); const forEver = page.locator("[data-inspector]").getByText(it_ ? /per sempre|Senza fine|Sempre/i : /For ever/i).first(); await forEver.scrollIntoViewIfNeeded(); await forEver.click(); await shot("for-ever-ask"); await page.locator("[data-inspector] .mantine-Alert-root button").last().click(); await shot("for-ever-no"); await forEver.click(); await page.locator("[data-inspector] .mantine-Alert-root button").first().click(); await page.waitForTimeout(1500); await shot("for-ever-yes"); const doc = await api.journey("long-names") as any; console.log("timeout in the draft:", doc.nodes?.find((x: any) => x.id === "wait").config.timeout); await page.keyboard.press("Escape"); await page.locator("[data-journey-canvas]").focus(); await page.keyboard.press("Control+z"); await page.waitForTimeout(1500); const doc2 = await api.journey("long-names") as any; console.log("after undo:", doc2.nodes?.find((x: any) => x.id === "wait").config.timeout) },
  async problems() { await page.locator("[data-journey-canvas]").focus(); await page.keyboard.press("Home"); await page.keyboard.press("Escape"); await page.locator("[data-node=m0]").click({ position: { x: 60, y: 20 } }); await page.locator("[data-journey-canvas]").focus(); await page.keyboard.press("Alt+Delete"); await page.keyboard.press("Control+Shift+M"); await page.waitForTimeout(500); await shot("problems"); await page.locator("[data-journey-canvas]").focus(); await page.keyboard.press("Control+z"); await page.keyboard.press("Control+Shift+M"); await page.waitForTimeout(300) },
  async edge() { await page.locator('[data-edge="welcome.next"]').first().hover().catch(() => {}); await page.locator("[data-journey-canvas]").focus(); await page.keyboard.press("Home"); await page.keyboard.press("Tab"); await page.waitForTimeout(300); await shot("picker"); await page.keyboard.press("Escape"); await page.locator("[data-journey-canvas]").focus(); await page.keyboard.press("e"); await page.waitForTimeout(300); await shot("connect"); await page.keyboard.press("Escape") ; await page.waitForTimeout(200); await page.locator("[data-journey-canvas]").focus(); await page.keyboard.press("?"); await page.waitForTimeout(300); await shot("shortcuts"); await page.keyboard.press("Escape") },
  async publish() { await page.locator("[data-journey-canvas]").focus(); await page.keyboard.press("Control+Enter"); await page.waitForTimeout(600); await shot("publish"); await page.keyboard.press("Escape"); await page.waitForTimeout(300) },
  async walk() { await page.locator("[data-journey-canvas]").focus(); await page.keyboard.press("t"); await page.waitForTimeout(500); await shot("walk-setup"); await page.locator("[data-walk-panel]").getByText(it_ ? "Cliente reale" : "Real customer").click(); await page.locator("[data-walk-panel] input").nth(2).click().catch(() => {}); await page.getByLabel(it_ ? /Cerca/ : "Search customers").click(); await page.locator("[role=option]").nth(3).click(); await page.locator("[data-walk-past]").waitFor(); console.log("past:", await page.locator("[data-walk-past]").getAttribute("data-walk-past")); await shot("walk-real"); await page.locator("[data-walk-start]").click(); for (let i = 0; i < 8; i++) await page.locator("[data-walk-step]").click({ timeout: 800 }).catch(() => {}); await page.locator("[data-walk-next]").click({ timeout: 800 }).catch(() => {}); await page.waitForTimeout(500); await shot("walk-going"); await page.keyboard.press("Escape"); },
  async stop() { await page.goto(`${url}/w/${ws}/journeys/long-names`); await page.locator("[data-node=split]").waitFor(); await page.getByRole("button", { name: /More|Altro|Run|actions/i }).first().click().catch(e => console.log(String(e).slice(0, 200))); await shot("menu"); await page.getByRole("menuitem", { name: /Stop|Ferma/ }).click(); await page.waitForTimeout(400); await shot("stop-dialog"); await page.getByRole("dialog").getByRole("button", { name: /Cancel|Annulla/ }).click(); console.log("after cancel:", ((await api.call("GET", "/journeys")).body as any)); await page.getByRole("button", { name: /More|Altro|Run|actions/i }).first().click(); await page.getByRole("menuitem", { name: /Stop|Ferma/ }).click(); await page.getByRole("dialog").getByRole("button", { name: /Stop|Ferma/ }).click(); await page.waitForTimeout(1500); await shot("stopped") },
  async lists() { for (const p of ["journeys", "mailbox", "customers", "customers/c4"]) { await page.goto(`${url}/w/${ws}/${p}`); await page.waitForTimeout(900); await shot(p.replace("/", "-")) } },
}
for (const name of (process.env.STEPS ?? Object.keys(steps).join(" ")).split(" ")) {
  try { await steps[name]!() } catch (e) { console.log(name, String(e).slice(0, 600)); await shot(`${name}-FAILED`) }
}
await browser.close()
void expect
