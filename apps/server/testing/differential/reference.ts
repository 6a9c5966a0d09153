import { createHash } from "node:crypto"
import type { Condition, Journey, Json, JsonObject, WebhookStub, Where } from "@viaggio/journey-model"
import type { Happening } from "./cases.ts"

/**
 * A second interpreter, written from the description and not from the model, as plainly as can be: a list of
 * customers' enrollments and a loop. It knows as much of conditions and templates as the generated cases use, and
 * shares no code with what it judges; types only.
 */

/** A finished visit, as the three sides are compared by. */
export type Tuple = {
  enrollment: string
  visit: number
  node: string
  way: string
  arrivedAt: number
  leftAt: number
}

type Past = { name: string; at: number; properties: JsonObject; messageId: string }
type Open = {
  id: string
  node: string
  visit: number
  enteredAt: number
  arrivedAt: number
  wakeAt: number | undefined
  entry: Past
  arrivals: Map<string, number>
  context: JsonObject
}

const sha = (...parts: string[]): string => {
  const hash = createHash("sha256")
  for (const part of parts) {
    const bytes = Buffer.from(part)
    const length = Buffer.alloc(4)
    length.writeUInt32BE(bytes.length)
    hash.update(length).update(bytes)
  }
  return hash.digest("hex").slice(0, 32)
}

const units: Record<string, number> = { W: 604_800_000, D: 86_400_000, H: 3_600_000, M: 60_000, S: 1_000 }
/** Milliseconds of a duration such as P1DT3H; the cases know no months. */
const msOf = (duration: string): number => {
  let total = 0
  for (const [, amount, unit] of duration.matchAll(/(\d+)([WDHMS])/g)) total += Number(amount) * units[unit!]!
  return total
}

const at = (value: Json | undefined, path: string[]): Json | undefined =>
  path.reduce<Json | undefined>(
    (found, name) =>
      typeof found === "object" && found !== null && !Array.isArray(found) ? found[name] : undefined,
    value,
  )

export const interpret = (
  journey: Journey,
  who: { workspace: string; profile: string },
  happenings: readonly Happening[],
  end: number,
  stub: WebhookStub,
): Tuple[] => {
  const tuples: Tuple[] = []
  const past: Past[] = []
  const open: Open[] = []
  let attributes: JsonObject = {}
  let entries = 0
  let lastEndedAt: number | undefined

  const nodes = new Map(journey.nodes.map(node => [node.id, node]))
  // biome-ignore lint/suspicious/noExplicitAny: configurations are read here as they are written
  const configOf = (id: string): any => nodes.get(id)!.config
  const start = journey.nodes.find(node => node.type === "event-entry")!

  const targetOf = (from: string, outcome: string): string | undefined => {
    const to = (way: string) => journey.edges.find(edge => edge.from === from && edge.outcome === way)?.to
    const direct = to(outcome)
    if (direct !== undefined || (outcome !== "suppressed" && outcome !== "failed")) return direct
    return to("next") ?? to("succeeded")
  }

  const read = (ref: string, one: Open): Json | undefined => {
    const [root, ...path] = ref.split(".")
    if (root === "profile") return at(attributes, path)
    if (root === "context") return at(one.context, path)
    return at(one.entry.properties, path.slice(1))
  }

  const compares = (leaf: JsonObject, value: Json | undefined, one: Open, now: number): boolean => {
    if (leaf.is === "missing") return value === undefined || value === null
    if (value === undefined || value === null) return false
    const wanted = leaf.value as Json
    const operand =
      typeof wanted === "object" && wanted !== null && !Array.isArray(wanted)
        ? read(String(wanted.ref), one)
        : wanted
    switch (leaf.is) {
      case "exists":
        return true
      case "equals":
        return typeof value !== "object" && value === operand
      case "at-least":
        return typeof value === "number" && typeof operand === "number" && value >= operand
      case "less":
        return typeof value === "number" && typeof operand === "number" && value < operand
      case "within-last": {
        const when = Date.parse(String(value))
        return when > now - msOf(String(wanted)) && when <= now
      }
      default:
        throw new Error(`the reference does not know ${leaf.is}`)
    }
  }

  const fits = (where: Where | undefined, event: Past, one: Open, now: number): boolean => {
    if (where === undefined) return true
    switch (where.kind) {
      case "all":
        return where.of.every(part => fits(part, event, one, now))
      case "any":
        return where.of.some(part => fits(part, event, one, now))
      case "not":
        return !fits(where.of, event, one, now)
      case "property":
        return compares(where as unknown as JsonObject, at(event.properties, where.path.split(".")), one, now)
    }
  }

  const holds = (condition: Condition, one: Open, now: number): boolean => {
    switch (condition.kind) {
      case "all":
        return condition.of.every(part => holds(part, one, now))
      case "any":
        return condition.of.some(part => holds(part, one, now))
      case "not":
        return !holds(condition.of, one, now)
      case "profile":
      case "context":
        return compares(
          condition as unknown as JsonObject,
          read(`${condition.kind}.${condition.path}`, one),
          one,
          now,
        )
      case "entry":
        return compares(
          condition as unknown as JsonObject,
          read(`entry.properties.${condition.path}`, one),
          one,
          now,
        )
      case "event-count": {
        const { event, where, period, atLeast = 0, atMost = Number.POSITIVE_INFINITY } = condition
        const from =
          period === undefined
            ? Number.NEGATIVE_INFINITY
            : period === "since-entry"
              ? one.enteredAt
              : now - msOf(period)
        const count = past.filter(
          each => each.name === event && each.at > from && each.at <= now && fits(where, each, one, now),
        ).length
        return count >= atLeast && count <= atMost
      }
      case "event-time": {
        const times = past.filter(each => each.name === condition.event).map(each => each.at)
        if (times.length === 0) return condition.is === "missing"
        const when = condition.which === "first" ? Math.min(...times) : Math.max(...times)
        return compares(condition as unknown as JsonObject, new Date(when).toISOString(), one, now)
      }
    }
  }

  /** Values that a text cannot do without: `{{ path }}` without a filter. */
  const lacks = (text: string, one: Open): boolean =>
    [...text.matchAll(/\{\{\s*([\w.]+)\s*\}\}/g)].some(([, path]) => {
      if (path!.startsWith("links.")) return false
      const value = read(path!, one)
      return value === undefined || value === null
    })

  const finish = (one: Open, way: string, now: number): void => {
    const { id: enrollment, visit, node, arrivedAt } = one
    tuples.push({ enrollment, visit, node, way, arrivedAt, leftAt: now })
  }

  const gone = (one: Open, now: number): void => {
    open.splice(open.indexOf(one), 1)
    lastEndedAt = now
  }

  /** Leaves by an outcome and goes on until the next stay or the end. */
  const leave = (one: Open, outcome: string, now: number): void => {
    finish(one, outcome, now)
    const target = targetOf(one.node, outcome)
    if (target === undefined) {
      gone(one, now)
      return
    }
    one.node = target
    one.visit += 1
    one.arrivedAt = now
    one.wakeAt = undefined
    one.arrivals.set(target, now)
    arrive(one, now)
  }

  /** Calls that were asked for in what is happening now; answered when all of it is decided. */
  let asked: Open[] = []

  const arrive = (one: Open, now: number): void => {
    const { id, type } = nodes.get(one.node)!
    const config = configOf(id)
    switch (type) {
      case "event-entry":
        leave(one, "next", now)
        return
      case "delay":
        one.wakeAt = now + msOf(config.for)
        return
      case "wait-for-event": {
        const earlier = lookBack(one, config, now)
        if (earlier !== undefined) leave(one, earlier, now)
        else one.wakeAt = config.timeout === "never" ? undefined : now + msOf(config.timeout)
        return
      }
      case "split": {
        const taken = config.branches.find((branch: { when: Condition }) => holds(branch.when, one, now))
        leave(one, taken?.id ?? "else", now)
        return
      }
      case "random-split": {
        const drawn =
          Number.parseInt(
            sha(config.stickyTo === "customer" ? who.profile : one.id, id, journey.key).slice(0, 13),
            16,
          ) /
          2 ** 52
        let sum = 0
        const taken = config.branches.find((branch: { share: number }) => {
          sum += branch.share
          return drawn < Math.round(sum * 10_000) / 10_000
        })
        leave(one, (taken ?? config.branches.at(-1)).id, now)
        return
      }
      case "email": {
        const address = attributes.email
        const reachable = typeof address === "string" && /^[^\s@]+@[^\s@]+$/.test(address.trim())
        const refused = config.purpose === "marketing" && attributes.unsubscribed === true
        if (!reachable || refused) leave(one, "suppressed", now)
        else leave(one, lacks(`${config.subject} ${config.html}`, one) ? "failed" : "next", now)
        return
      }
      case "webhook":
        if (config.body !== undefined && lacks(JSON.stringify(config.body), one)) leave(one, "failed", now)
        else asked.push(one)
        return
      case "update-profile": {
        const found = config.set.map(({ attribute, value }: { attribute: string; value: Json }) => [
          attribute,
          typeof value === "object" && value !== null && !Array.isArray(value)
            ? read(String(value.ref), one)
            : value,
        ])
        attributes = { ...attributes }
        for (const [attribute, value] of found)
          if (value !== undefined && value !== null) attributes[attribute] = value
        for (const attribute of config.unset) delete attributes[attribute]
        leave(one, "next", now)
        return
      }
      case "exit":
        finish(one, `(${config.reason})`, now)
        gone(one, now)
        return
      default:
        throw new Error(`the reference does not know ${type}`)
    }
  }

  type Branch = { id: string; event: string; where?: Where }

  /** The outcome of the earliest event since then that a branch waits for, the entry's own not counted. */
  const lookBack = (
    one: Open,
    { since, branches }: { since: "arrival" | "entry" | { node: string }; branches: Branch[] },
    now: number,
  ): string | undefined => {
    if (since === "arrival") return undefined
    const from = since === "entry" ? one.enteredAt : (one.arrivals.get(since.node) ?? now)
    const found = branches.flatMap((branch, order) =>
      past
        .filter(event => event.name === branch.event && event.at > from && event.at <= now)
        .filter(event => event.messageId !== one.entry.messageId && fits(branch.where, event, one, now))
        .map(event => ({ id: branch.id, order, when: event.at })),
    )
    found.sort((a, b) => a.when - b.when || a.order - b.order)
    return found[0]?.id
  }

  const answerCalls = (now: number): void => {
    while (asked.length > 0) {
      const waiting = asked
      asked = []
      for (const one of waiting) {
        const config = configOf(one.node)
        if (stub.outcome === "succeeded")
          for (const { from, to } of config.save) {
            const value = at(stub.body, from.split("/").slice(1))
            if (value !== undefined && value !== null) one.context = { ...one.context, [to]: value }
          }
        leave(one, stub.outcome, now)
      }
    }
  }

  /** Lets the time pass: whoever is due first goes first, of two at one instant who came in first. */
  const pass = (until: number): void => {
    for (;;) {
      const due = open
        .filter(({ wakeAt }) => wakeAt !== undefined && wakeAt <= until)
        .sort((a, b) => a.wakeAt! - b.wakeAt!)[0]
      if (due === undefined) return
      const now = due.wakeAt!
      leave(due, nodes.get(due.node)!.type === "delay" ? "next" : "timeout", now)
      answerCalls(now)
    }
  }

  const mayEnter = (now: number): boolean => {
    const { reentry } = journey.settings
    if (reentry.mode === "once") return entries === 0
    if (reentry.mode === "always") return true
    return open.length === 0 && (lastEndedAt === undefined || now >= lastEndedAt + msOf(reentry.cooldown))
  }

  for (const happening of happenings) {
    const now = happening.at
    pass(now)
    if (happening.traits) {
      attributes = { ...attributes, ...happening.traits }
      for (const [name, value] of Object.entries(attributes)) if (value === null) delete attributes[name]
      continue
    }
    const { name, properties, messageId } = happening
    const event: Past = { name, at: now, properties, messageId }
    past.push(event)
    for (const one of [...open]) {
      const { type } = nodes.get(one.node)!
      if (type !== "wait-for-event" || (one.wakeAt !== undefined && now > one.wakeAt)) continue
      const branches: Branch[] = configOf(one.node).branches
      const taken = branches.find(branch => branch.event === name && fits(branch.where, event, one, now))
      if (taken) leave(one, taken.id, now)
    }
    const { event: entryEvent, where } = configOf(start.id)
    const one: Open = {
      id: sha(who.workspace, journey.key, who.profile, messageId),
      node: start.id,
      visit: 1,
      enteredAt: now,
      arrivedAt: now,
      wakeAt: undefined,
      entry: event,
      arrivals: new Map([[start.id, now]]),
      context: {},
    }
    if (name === entryEvent && fits(where, event, one, now) && mayEnter(now)) {
      entries += 1
      open.push(one)
      arrive(one, now)
    }
    answerCalls(now)
  }
  pass(end)
  return tuples
}
