import { assertNever } from "./assert-never.ts"
import { type Batch, commitBatch, findRequests, isOwner, prepareBatch } from "./batch.ts"
import { agree, appendMail, dropMail, finishMerge, isDueForRepointing, repointSlot } from "./merge.ts"
import type { Protocol } from "./protocol.ts"
import type { Random } from "./random.ts"
import { BUCKETS, type Database, type Mail, type Merge, SLOTS } from "./tables.ts"
import type { Witness } from "./witness.ts"

/** What a worker is in the middle of; all of it is lost when it is killed. */
type Task =
  | { kind: "batch"; batch: Batch }
  | { kind: "committed"; batch: Batch }
  | { kind: "append"; mail: Mail }
  | { kind: "drop"; mail: Mail }
  | { kind: "repoint"; merge: Merge; round: number; slot: number }

/** One process that leases buckets. Each call of `step` is at most one transaction. */
export class Worker {
  isAlive = true
  private task: Task | undefined
  /** Bucket → epoch that this worker believes to hold. */
  private leases = new Map<number, number>()
  private readonly id: number
  private readonly db: Database
  private readonly protocol: Protocol
  private readonly random: Random
  private readonly witness: Witness

  constructor(id: number, db: Database, protocol: Protocol, random: Random, witness: Witness) {
    this.id = id
    this.db = db
    this.protocol = protocol
    this.random = random
    this.witness = witness
  }

  /** Where a kill would strike now. */
  arrow(): string {
    const { task } = this
    switch (task?.kind) {
      case undefined:
        return "between tasks"
      case "batch":
        return "before a commit"
      case "committed": {
        const kinds = new Set(task.batch.notes.map(({ kind }) => kind))
        if (kinds.has("took")) return "taken, parcel not appended"
        if (kinds.has("landed")) return "landed, nothing re-pointed"
        if (kinds.has("forwarded")) return "forwarded, mail not appended"
        return "after a commit"
      }
      case "append":
        return "mail read, not appended"
      case "drop":
        return "mail appended, not dropped"
      case "repoint":
        return `re-pointing, ${task.slot} of ${SLOTS} slots done`
      default:
        return assertNever(task)
    }
  }

  kill(): void {
    this.isAlive = false
    this.task = undefined
    this.leases.clear()
  }

  revive(): void {
    this.isAlive = true
  }

  /** False where there is nothing to do. `owners` says who is alive; a living owner is robbed only if `robs`. */
  step(isAlive: (worker: number) => boolean, robs: boolean): boolean {
    if (this.task !== undefined) this.goOn(this.task)
    else {
      const start = this.findWork(isAlive, robs)
      if (start === undefined) return false
      start()
    }
    return true
  }

  private goOn(task: Task): void {
    this.task = undefined
    switch (task.kind) {
      case "batch":
        this.commit(task.batch)
        break
      case "committed":
        break
      case "append":
        appendMail(this.db, this.protocol, task.mail)
        this.task = { kind: "drop", mail: task.mail }
        break
      case "drop":
        dropMail(this.db, task.mail)
        break
      case "repoint":
        if (task.slot === SLOTS) finishMerge(task.merge, task.round)
        else {
          repointSlot(this.db, this.protocol, task.merge, task.slot)
          this.task = { ...task, slot: task.slot + 1 }
        }
        break
      default:
        assertNever(task)
    }
  }

  private commit(batch: Batch): void {
    const wasOwner = isOwner(this.db, batch)
    const isCommitted = commitBatch(this.db, this.protocol, batch)
    this.witness.sawCommit(batch, { wasOwner, isCommitted })
    if (isCommitted) this.task = { kind: "committed", batch }
    else this.leases.delete(batch.bucket)
  }

  private findWork(isAlive: (worker: number) => boolean, robs: boolean): (() => void) | undefined {
    const { db, protocol } = this
    const found: (() => void)[] = []
    for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
      const epoch = this.leases.get(bucket)
      const mail = db.mail.filter(({ from }) => from === bucket)
      const hasStimuli = db.buckets[bucket]!.cursor < db.logs[bucket]!.length
      const hasWork = hasStimuli || findRequests(db, protocol, bucket).length > 0
      if (!hasWork && mail.length === 0) continue
      if (epoch === undefined) {
        const { owner } = db.buckets[bucket]!
        if (owner === undefined || !isAlive(owner) || owner === this.id || robs)
          found.push(() => this.lease(bucket))
        continue
      }
      if (hasWork) found.push(() => this.prepare(bucket, epoch))
      if (mail.length > 0) found.push(() => this.pickMail(mail))
    }
    for (const merge of db.merges.values()) {
      if (protocol.decision === "in-slots" && merge.state === "requested") found.push(() => agree(db, merge))
      if (isDueForRepointing(protocol, merge))
        found.push(() => {
          this.task = { kind: "repoint", merge, round: merge.round, slot: 0 }
        })
    }
    return found.length === 0 ? undefined : this.random.pick(found)
  }

  /** Take-over is always allowed by the database once the lease has run out; here it may run out at any time. */
  private lease(bucket: number): void {
    const row = this.db.buckets[bucket]!
    row.owner = this.id
    row.epoch += 1
    this.leases.set(bucket, row.epoch)
  }

  private prepare(bucket: number, epoch: number): void {
    const at = { bucket, epoch, worker: this.id }
    this.task = { kind: "batch", batch: prepareBatch(this.db, this.protocol, at, this.random) }
  }

  private pickMail(mail: readonly Mail[]): void {
    const picked = this.protocol.mail.order === "by-number" ? mail[0]! : this.random.pick(mail)
    this.task = { kind: "append", mail: picked }
  }
}
