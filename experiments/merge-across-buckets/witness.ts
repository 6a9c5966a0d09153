import { assertNever } from "./assert-never.ts"
import type { Batch, Note } from "./batch.ts"
import { type Database, type Enrollment, findProfile, ONCE, type ProfileId } from "./tables.ts"

/** A law that did not hold; `law` is a fixed text, `detail` what was seen. */
export class Broken extends Error {
  readonly law: string

  constructor(law: string, detail: string) {
    super(`${law}: ${detail}`)
    this.law = law
  }
}

export type Life = { enrollment: Enrollment; by: ProfileId; ended?: "exit" | "merged" }

/**
 * Stands beside the database and remembers what no table does: how often each event was folded, whose parcel has
 * landed where. It checks after each commit what must hold at every moment.
 */
export class Witness {
  readonly folded = new Map<string, ProfileId>()
  readonly lives = new Map<string, Life>()
  commits = 0
  fencedOff = 0
  took = 0
  forwarded = 0
  merged = 0
  private readonly landedIn = new Map<ProfileId, ProfileId>()
  private readonly taken = new Set<ProfileId>()
  private readonly db: Database

  constructor(db: Database) {
    this.db = db
  }

  sawCommit(batch: Batch, { wasOwner, isCommitted }: { wasOwner: boolean; isCommitted: boolean }): void {
    if (!isCommitted) {
      this.fencedOff += 1
      return
    }
    this.commits += 1
    for (const note of batch.notes) this.take(note)
    for (const { id, mergedInto, holdings } of batch.profiles.values())
      if (mergedInto !== undefined && holdings.count > 0)
        throw new Broken("a tombstone holds nothing", `profile ${id}`)
    let sum = 0
    for (const { entered, inside, ended } of this.db.buckets) sum += entered - inside - ended
    if (sum !== 0) throw new Broken("entered = inside + ended at every moment", `off by ${sum}`)
    if (!wasOwner) throw new Broken("a fenced worker writes nothing", `worker ${batch.worker}`)
  }

  private take(note: Note): void {
    switch (note.kind) {
      case "folded": {
        const before = this.folded.get(note.event)
        if (before !== undefined)
          throw new Broken("no event is folded twice", `${note.event} in ${before} and ${note.into}`)
        this.folded.set(note.event, note.into)
        const early = note.via.find(passed => !this.landedIn.has(passed))
        if (early !== undefined)
          throw new Broken("what a tombstone forwards comes after its parcel", `${note.event} by ${early}`)
        break
      }
      case "entered":
        this.enter(note.enrollment, note.by)
        break
      case "ended":
        this.end(note.enrollment.id, note.reason)
        break
      case "took":
        this.took += 1
        if (this.taken.has(note.loser)) throw new Broken("a person is taken once", `profile ${note.loser}`)
        this.taken.add(note.loser)
        this.checkNoRing(note.loser)
        break
      case "landed":
        this.landedIn.set(note.loser, note.into)
        break
      case "forwarded":
        this.forwarded += 1
        if (note.via.indexOf(note.from) !== note.via.length - 1)
          throw new Broken("forwarded mail never loops", note.via.join(" → "))
        break
      default:
        assertNever(note)
    }
  }

  private enter(enrollment: Enrollment, by: ProfileId): void {
    if (this.lives.has(enrollment.id)) throw new Broken("an enrollment begins once", enrollment.id)
    if (enrollment.journey === ONCE)
      for (const life of this.lives.values())
        if (life.enrollment.journey === ONCE && this.whoHas(life.by) === by)
          throw new Broken("once stays once", `${enrollment.id} after ${life.enrollment.id}`)
    this.lives.set(enrollment.id, { enrollment, by })
  }

  private end(id: string, reason: "exit" | "merged"): void {
    const life = this.lives.get(id)
    if (!life || life.ended !== undefined) throw new Broken("an enrollment ends once", id)
    life.ended = reason
    if (reason === "merged") this.merged += 1
  }

  /** Where the past of a profile has arrived by now. */
  private whoHas(profile: ProfileId): ProfileId {
    let end = profile
    for (let next = this.landedIn.get(end); next !== undefined; next = this.landedIn.get(end)) end = next
    return end
  }

  private checkNoRing(loser: ProfileId): void {
    const passed = new Set<ProfileId>()
    for (let at: ProfileId | undefined = loser; at !== undefined; at = findProfile(this.db, at)?.mergedInto) {
      if (passed.has(at)) throw new Broken("merged_into has no ring", [...passed, at].join(" → "))
      passed.add(at)
    }
  }
}
