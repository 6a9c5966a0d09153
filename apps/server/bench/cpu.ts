import { readdirSync, readFileSync } from "node:fs"

/** Clock ticks of /proc: 100 a second on every Linux that matters here. */
const TICK_MS = 10

const statOf = (pid: string): string[] | undefined => {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8")
    return text.slice(text.lastIndexOf(")") + 2).split(" ")
  } catch {
    return undefined
  }
}

/**
 * CPU time that a PostgreSQL server has used, in ms, over its living processes; `backend` is any of them. Unlike
 * elapsed time it hardly changes with what else the machine does. Undefined where there is no /proc.
 */
export const serverCpuMs = (backend: number): number | undefined => {
  const postmaster = statOf(String(backend))?.[1]
  if (postmaster === undefined) return undefined
  let ticks = 0
  for (const pid of readdirSync("/proc")) {
    if (!/^\d+$/.test(pid)) continue
    const stat = statOf(pid)
    if (stat !== undefined && stat[1] === postmaster) ticks += Number(stat[11]) + Number(stat[12])
  }
  return ticks * TICK_MS
}

/** CPU time that one process has used so far, in ms. */
export const cpuMsOf = (pid: number): number => {
  const stat = statOf(String(pid))
  return stat === undefined ? Number.NaN : (Number(stat[11]) + Number(stat[12])) * TICK_MS
}

/** Memory of one process in MB, its part of what it shares with others included. */
export const memoryMbOf = (pid: number): number => {
  try {
    const text = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8")
    return Number(/^Pss:\s+(\d+)/m.exec(text)?.[1] ?? Number.NaN) / 1_024
  } catch {
    return Number.NaN
  }
}

/** The same of a whole PostgreSQL server, pages that its processes share counted once. */
export const serverMemoryMb = (backend: number): number => {
  const postmaster = statOf(String(backend))?.[1]
  if (postmaster === undefined) return Number.NaN
  const children = readdirSync("/proc").filter(pid => /^\d+$/.test(pid) && statOf(pid)?.[1] === postmaster)
  return [postmaster, ...children].reduce((sum, pid) => sum + memoryMbOf(Number(pid)), 0)
}
