import { spawn } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"
import { expect, it } from "vitest"

const run = async (how: "hang" | "go on", whenAlive?: (pid: number) => void) => {
  const script = fileURLToPath(new URL("../testing/hang.ts", import.meta.url))
  const child = spawn(process.execPath, ["--import", "tsx", script, how], {
    stdio: ["ignore", "pipe", "pipe"],
  })
  let told = ""
  child.stderr.on("data", chunk => {
    told += String(chunk)
  })
  child.stdout.once("data", () => whenAlive?.(child.pid!))
  const [code, signal] = await once(child, "exit")
  return { code, signal, told }
}

it("ends a process that stands still, and says why", async () => {
  const { signal, told } = await run("hang")
  expect(signal).toBe("SIGKILL")
  expect(told).toContain("stood still")
})

it("leaves a process alone that goes on, also one that was stopped for longer", async () => {
  const { code } = await run("go on", pid => {
    process.kill(pid, "SIGSTOP")
    setTimeout(() => process.kill(pid, "SIGCONT"), 1_500)
  })
  expect(code).toBe(0)
})
