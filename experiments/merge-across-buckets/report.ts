import type { Protocol } from "./protocol.ts"
import { runSchedule, type Scenario, type Tally } from "./run.ts"
import { Broken } from "./witness.ts"

/** What many schedules did: sums, kills by arrow, and how many broke which law. */
export type Report = {
  schedules: number
  sums: Map<string, number>
  kills: Map<string, number>
  broken: Map<string, { times: number; firstSeed: number }>
}

export function runMany(protocol: Protocol, scenario: Scenario, seeds: number): Report {
  const report: Report = { schedules: seeds, sums: new Map(), kills: new Map(), broken: new Map() }
  for (let seed = 0; seed < seeds; seed += 1) {
    try {
      addTally(report, runSchedule(protocol, scenario, seed))
    } catch (error) {
      if (!(error instanceof Broken)) throw error
      const seen = report.broken.get(error.law)
      report.broken.set(error.law, { times: (seen?.times ?? 0) + 1, firstSeed: seen?.firstSeed ?? seed })
    }
  }
  return report
}

function addTally(report: Report, { kills, ...numbers }: Tally): void {
  for (const [name, n] of Object.entries(numbers)) add(report.sums, name, n)
  for (const [arrow, n] of kills) {
    add(report.kills, arrow, n)
    add(report.sums, "kills", n)
  }
}

function add(sums: Map<string, number>, name: string, n: number): void {
  sums.set(name, (sums.get(name) ?? 0) + n)
}

export const countBroken = ({ broken }: Report): number =>
  [...broken.values()].reduce((sum, { times }) => sum + times, 0)

/** One line per number, for people. */
export function describeReport(title: string, report: Report): string {
  const lines = [`${title}: ${report.schedules} schedules`]
  for (const [name, n] of report.sums) lines.push(`  ${name.padEnd(40)} ${n}`)
  for (const [arrow, n] of [...report.kills].sort()) lines.push(`  killed: ${arrow.padEnd(32)} ${n}`)
  return lines.join("\n")
}

export function describeBroken(title: string, report: Report): string {
  const laws = [...report.broken].map(([law, { times, firstSeed }]) => `${law} ${times}× (seed ${firstSeed})`)
  const share = Math.round((100 * countBroken(report)) / report.schedules)
  return `${title}: ${share} % of ${report.schedules} schedules; ${laws.join("; ")}`
}
