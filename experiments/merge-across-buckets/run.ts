import { append, type Claim, claim, type Receipt, rollBack } from "./door.ts"
import { checkAtRest } from "./oracle.ts"
import type { Protocol } from "./protocol.ts"
import { createRandom, type Random } from "./random.ts"
import {
  createDatabase,
  type Event,
  findProfile,
  type Identifier,
  ONCE,
  type ProfileId,
  type What,
} from "./tables.ts"
import { Broken, Witness } from "./witness.ts"
import { Worker } from "./worker.ts"

const WORKERS = 4
const DOORS = 3
/** A schedule that is not at rest after so many steps without kills never will be. */
const REST_WITHIN_STEPS = 5000

/** What happened in one schedule, for the report. */
export type Tally = {
  steps: number
  events: number
  copies: number
  commits: number
  fencedOff: number
  merges: number
  refused: number
  forwarded: number
  mergedEnrollments: number
  /** Identities that still name a tombstone when all is done. */
  onTombstones: number
  /** People who went to somebody who went on to a third. */
  chains: number
  /** Pairs that were asked to merge in both directions. */
  bothWays: number
  /** Requests that close a ring of at least three. */
  rings: number
  kills: Map<string, number>
}

export type Scenario = { knownPeople: boolean }

/** One schedule from its seed: random door, workers and kills, then rest, then the oracle. Throws `Broken`. */
export function runSchedule(protocol: Protocol, scenario: Scenario, seed: number): Tally {
  return new Schedule(protocol, scenario, createRandom(seed)).run()
}

class Schedule {
  private readonly db = createDatabase()
  private readonly witness = new Witness(this.db)
  private readonly workers: Worker[]
  private readonly doors: (Claim | undefined)[] = Array.from({ length: DOORS }, () => undefined)
  private readonly receipts: Receipt[] = []
  private readonly kills = new Map<string, number>()
  private readonly identifiers: Identifier[]
  private readonly ids: Map<Identifier, ProfileId>
  /** What senders have yet to send, again or for the first time. */
  private waiting: Event[] = []
  private sent: Event[] = []
  private made = 0
  private clock = 10
  private steps = 0
  private readonly protocol: Protocol
  private readonly random: Random

  constructor(protocol: Protocol, { knownPeople }: Scenario, random: Random) {
    this.protocol = protocol
    this.random = random
    const count = 3 + random.below(5)
    const kinds = Array.from({ length: count }, (_, i) =>
      knownPeople && i < 2 ? "u" : random.pick(["m", "v"]),
    )
    this.identifiers = kinds.map((kind, i) => `${kind}${i}`)
    const numbers = random.shuffle([1, 2, 3, 4, 5, 6, 7, 8, 9])
    this.ids = new Map(this.identifiers.map((identifier, i) => [identifier, numbers[i]!]))
    this.workers = Array.from(
      { length: WORKERS },
      (_, i) => new Worker(i, this.db, protocol, random, this.witness),
    )
  }

  run(): Tally {
    let unsent = 6 + this.random.below(7)
    // Most people exist apart before something joins them.
    for (const identifier of this.identifiers)
      if (this.random.chance(0.7)) this.waiting.push(this.makeEvent([identifier]))
    while (unsent > 0 || this.waiting.length > 0) {
      if (unsent > 0 && this.random.chance(0.15)) {
        this.waiting.push(this.makeEvent())
        unsent -= 1
      }
      this.act()
      if (this.random.chance(0.03)) this.killOne()
    }
    // Kills go on after the last event, because the end of a merge is where most arrows are.
    for (let i = this.random.below(60); i > 0; i -= 1) {
      this.act()
      if (this.random.chance(0.06)) this.killOne()
    }
    this.rest()
    this.check()
    this.sendAllAgain()
    this.check()
    this.probe()
    this.check()
    return this.tally()
  }

  /** One step of somebody: a sender, a door or a worker. */
  private act(): void {
    this.steps += 1
    this.clock += 1
    const { random } = this
    if (random.chance(0.35)) {
      const door = random.below(DOORS)
      const open = this.doors[door]
      if (open) this.finishDoor(open, random.chance(0.1))
      else if (this.waiting.length > 0) this.send(door)
      return
    }
    const worker = random.pick(this.workers)
    if (worker.isAlive) worker.step(this.isAlive, random.chance(0.05))
    else if (random.chance(0.3)) worker.revive()
  }

  private readonly isAlive = (worker: number) => this.workers[worker]!.isAlive

  private send(door: number): void {
    const event = this.random.pick(this.waiting)
    const made = claim(this.db, this.protocol, door, event, strongest => this.ids.get(strongest)!)
    if (!made) return
    this.waiting.splice(this.waiting.indexOf(event), 1)
    this.doors[door] = made
  }

  private finishDoor(open: Claim, dies: boolean): void {
    this.doors[open.door] = undefined
    if (dies) {
      rollBack(this.db, open)
      this.waiting.push(open.event)
      this.countKill("door before its commit")
      return
    }
    this.receipts.push(append(this.db, this.protocol, open, this.clock))
    this.sent.push(open.event)
    if (this.random.chance(0.1)) {
      this.countKill("door before its answer")
      this.waiting.push(open.event)
    }
  }

  private killOne(): void {
    const worker = this.random.pick(this.workers)
    if (!worker.isAlive) return
    this.countKill(worker.arrow())
    worker.kill()
  }

  private countKill(arrow: string): void {
    this.kills.set(arrow, (this.kills.get(arrow) ?? 0) + 1)
  }

  private makeEvent(identifiers = this.pickIdentifiers()): Event {
    const { random } = this
    this.made += 1
    const what = random.pick<What>(["enter", "enter", "exit", "value", "grant", "withdraw", "message"])
    const at = this.clock - random.below(10)
    return { id: `e${this.made}`, at, identifiers, what, journey: random.pick([0, 0, 1]) }
  }

  /** An event names at most one user id. */
  private pickIdentifiers(): Identifier[] {
    const count = this.random.pick([1, 1, 2, 2, 2, 3])
    const picked: Identifier[] = []
    for (const identifier of this.random.shuffle(this.identifiers))
      if (picked.length < count && !(identifier.startsWith("u") && picked.some(one => one.startsWith("u"))))
        picked.push(identifier)
    return picked
  }

  /** Lets everybody live and work until there is nothing to do. */
  private rest(): void {
    for (const worker of this.workers) worker.revive()
    for (let left = REST_WITHIN_STEPS; left > 0; left -= 1) {
      this.steps += 1
      this.clock += 1
      const open = this.doors.find(door => door !== undefined)
      if (open) this.finishDoor(open, false)
      else if (this.waiting.length > 0) this.send(0)
      const start = this.random.below(WORKERS)
      let isIdle = true
      for (let i = 0; i < WORKERS && isIdle; i += 1)
        isIdle = !this.workers[(start + i) % WORKERS]!.step(this.isAlive, false)
      if (isIdle && !open && this.waiting.length === 0) return
    }
    throw new Broken("all work gets done", `not at rest after ${REST_WITHIN_STEPS} steps`)
  }

  private check(): void {
    checkAtRest(this.db, this.protocol, this.witness, this.receipts)
  }

  /** Every sender sends all it ever sent once more: nothing may change. */
  private sendAllAgain(): void {
    this.waiting = [...new Set(this.sent)]
    this.rest()
  }

  /** Everybody tries to enter "once" again, by any identifier. */
  private probe(): void {
    for (const identifier of this.db.identities.keys())
      this.waiting.push({
        id: `probe-${identifier}`,
        at: this.clock,
        identifiers: [identifier],
        what: "enter",
        journey: ONCE,
      })
    this.rest()
  }

  private tally(): Tally {
    const { commits, fencedOff, took, forwarded, merged } = this.witness
    const isTombstone = (id: ProfileId) => findProfile(this.db, id)?.mergedInto !== undefined
    const tombstones = this.db.buckets
      .flatMap(({ profiles }) => [...profiles.values()])
      .filter(({ mergedInto }) => mergedInto !== undefined)
    return {
      ...countShapes(this.db.links),
      chains: tombstones.filter(({ mergedInto }) => isTombstone(mergedInto!)).length,
      steps: this.steps,
      events: this.receipts.filter(({ isCopy }) => !isCopy).length,
      copies: this.receipts.filter(({ isCopy }) => isCopy).length,
      commits,
      fencedOff,
      merges: took,
      refused: [...this.db.merges.values()].filter(({ state }) => state === "refused").length,
      forwarded,
      mergedEnrollments: merged,
      onTombstones: [...this.db.identities.values()].filter(isTombstone).length,
      kills: this.kills,
    }
  }
}

function countShapes(links: readonly { a: ProfileId; b: ProfileId }[]): { bothWays: number; rings: number } {
  const asked = new Set(links.map(({ a, b }) => `${a}:${b}`))
  const pairs = [...asked].map(key => key.split(":").map(Number) as [ProfileId, ProfileId])
  const bothWays = pairs.filter(([a, b]) => a < b && asked.has(`${b}:${a}`)).length
  const group = new Map<ProfileId, ProfileId>()
  const find = (id: ProfileId): ProfileId => (group.has(id) ? find(group.get(id)!) : id)
  let rings = 0
  for (const [a, b] of pairs.filter(([a, b]) => a < b || !asked.has(`${b}:${a}`))) {
    if (find(a) === find(b)) rings += 1
    else group.set(find(a), find(b))
  }
  return { bothWays, rings }
}
