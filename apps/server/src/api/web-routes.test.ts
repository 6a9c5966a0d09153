import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import Fastify from "fastify"
import { afterAll, beforeAll, expect, test } from "vitest"
import { answerProblems } from "./problem-replies.ts"
import { webRoutes } from "./web-routes.ts"

let folder: string
const server = Fastify()
let address: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "viaggio-pages-"))
  await mkdir(join(folder, "assets"))
  await writeFile(join(folder, "index.html"), "<title>the page</title>")
  await writeFile(join(folder, "assets", "main-1a2b.js"), "export {}")
  answerProblems(server)
  webRoutes(server, folder)
  address = await server.listen({ port: 0, host: "127.0.0.1" })
})

afterAll(async () => {
  await server.close()
  await rm(folder, { recursive: true })
})

test("every address that is no program's is the page, and is read anew each time", async () => {
  for (const path of ["/", "/w/some-workspace/mailbox", "/sign-in?then=/w"]) {
    const answer = await fetch(address + path)
    expect(answer.status, path).toBe(200)
    expect(await answer.text()).toContain("the page")
    expect(answer.headers.get("cache-control")).toBe("no-cache")
  }
})

test("a file of the build is kept for good, and one that is not there is not the page", async () => {
  const kept = await fetch(`${address}/assets/main-1a2b.js`)
  expect(kept.status).toBe(200)
  expect(kept.headers.get("cache-control")).toContain("immutable")
  for (const path of ["/assets/main-old.js", "/api/nothing", "/v1/nothing"]) {
    const missing = await fetch(address + path)
    expect(missing.status, path).toBe(404)
    expect(missing.headers.get("content-type")).toContain("application/problem+json")
  }
})

test("a page hangs no more listeners on its response than Node takes for sound", async () => {
  const warnings: string[] = []
  const heard = (warning: Error): void => void warnings.push(warning.message)
  process.on("warning", heard)
  try {
    await fetch(`${address}/w/some-workspace/customers`).then(answer => answer.text())
    // A warning is emitted in the turn after the one that gave rise to it.
    await new Promise(setImmediate)
    expect(warnings).toEqual([])
  } finally {
    process.off("warning", heard)
  }
})
