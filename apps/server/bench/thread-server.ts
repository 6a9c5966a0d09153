import { type ChildProcess, spawn } from "node:child_process"
import { readFileSync } from "node:fs"
import { rm } from "node:fs/promises"
import { makeDataFolder } from "../testing/data-folder.ts"

const port = 4_990
const url = `http://localhost:${port}`
const owner = { email: "bench@example.com", password: "a long password of the bench" }

/** The built server in a process of its own, set up by its link, with the bench's journey published. */
export type Thread = {
  liveUrl: string
  /** Of the owner's session, for what only a page may read. */
  cookie: string
  /** Public API with an API key; throws what is not 2xx. */
  api(method: string, path: string, body?: unknown): Promise<never>
  /** One batch through the door: how many were accepted. */
  send(batch: object[]): Promise<number>
  stop(): Promise<void>
}

export const startThread = async (): Promise<Thread> => {
  const folder = await makeDataFolder()
  const { child, token } = await startServer(folder)
  const { workspaceId } = (await procedure(
    "setup.complete",
    { token, name: "Bench", ...owner, workspace: { name: "Bench", zone: "UTC", language: "en" } },
    {},
  )) as { workspaceId: string }
  const cookie = await signIn()
  const keyOf = async (kind: string): Promise<string> => {
    const headers = { cookie, origin: url, "x-workspace": workspaceId }
    return ((await procedure("keys.create", { kind, name: "bench" }, headers)) as { key: string }).key
  }
  const [apiKey, writeKey] = [await keyOf("api"), await keyOf("write")]
  const authorization = `Basic ${Buffer.from(`${writeKey}:`).toString("base64")}`

  const thread: Thread = {
    liveUrl: `${url}/api/live/journeys/bench?workspace=${workspaceId}&version=all`,
    cookie,
    async api(method, path, body) {
      const response = await fetch(`${url}/api/v1${path}`, {
        method,
        headers: { authorization: `Bearer ${apiKey}`, "content-type": "application/json" },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      if (!response.ok)
        throw new Error(`${method} ${path} answered ${response.status}: ${await response.text()}`)
      return (await response.json()) as never
    },
    async send(batch) {
      const response = await fetch(`${url}/v1/batch`, {
        method: "POST",
        headers: { authorization, "content-type": "application/json" },
        body: JSON.stringify({ batch }),
      })
      if (response.status !== 200) throw new Error(`the door answered ${response.status}`)
      return ((await response.json()) as { accepted: number }).accepted
    },
    async stop() {
      child.kill("SIGTERM")
      await new Promise(resolve => child.once("exit", resolve))
      await rm(folder, { recursive: true, force: true })
    },
  }
  const journey = JSON.parse(readFileSync(new URL("./journey.json", import.meta.url), "utf8")) as object
  await thread.api("PUT", "/journeys/bench", journey)
  await thread.api("POST", "/journeys/bench/publish", {})
  return thread
}

const startServer = async (folder: string): Promise<{ child: ChildProcess; token: string }> => {
  const nodeOptions = (process.env.BENCH_NODE_OPTIONS ?? "").split(" ").filter(Boolean)
  const child = spawn(process.execPath, [...nodeOptions, "dist/main.js"], {
    env: {
      ...process.env,
      PORT: String(port),
      VIAGGIO_DATA: folder,
      VIAGGIO_LOG: "error",
      NODE_ENV: "production",
    },
    stdio: ["ignore", "pipe", "inherit"],
  })
  let text = ""
  for await (const chunk of child.stdout!.iterator({ destroyOnReturn: false })) {
    text += String(chunk)
    const token = /setup\?token=(\S+)/.exec(text)?.[1]
    if (token === undefined) continue
    child.stdout!.resume()
    return { child, token }
  }
  throw new Error(`the server did not start: ${text}`)
}

/** A procedure of the web app. */
const procedure = async (path: string, input: object, headers: Record<string, string>): Promise<never> => {
  const response = await fetch(`${url}/api/trpc/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(input),
  })
  const body = (await response.json()) as { result?: { data: never } }
  if (body.result === undefined) throw new Error(`${path} answered ${JSON.stringify(body)}`)
  return body.result.data
}

const signIn = async (): Promise<string> => {
  const answer = await fetch(`${url}/api/auth/sign-in/email`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: url },
    body: JSON.stringify({ email: owner.email, password: owner.password }),
  })
  if (answer.status !== 200) throw new Error(`the sign-in answered ${await answer.text()}`)
  return answer.headers
    .getSetCookie()
    .map(c => c.split(";")[0])
    .join("; ")
}
