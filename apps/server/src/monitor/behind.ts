import { formatInstant, type JsonObject, type ProgramNode } from "@viaggio/journey-model"
import type { NodeNames, Page } from "../answers.ts"
import type { Db } from "../db/client.ts"
import { isUuid } from "../db/uuid.ts"
import { allEndCodes, endOfCode } from "../engine/measures.ts"
import { nodeNames, type Programs, type Published } from "../engine/programs.ts"
import type { People, Place } from "../profiles/people.ts"
import { Refusal } from "../refusal.ts"
import type { Workspace } from "../workspaces/workspace.ts"
import * as store from "./behind-store.ts"
import type { Stats } from "./stats.ts"

/** A number on the canvas: of one node, or of the whole journey where `node` is absent. */
export type NumberAsked = {
  key: string
  version: "all" | number
  node?: string
  before?: string
  limit?: number
} & (
  | { kind: "inside" | "failed" | "entered" }
  | { kind: "outcome"; outcome: string }
  | { kind: "ended"; reason?: string }
  | { kind: "messages"; state: string }
)

/** A customer behind a number: when it became true of them, and why. */
export type Behind = NodeNames & {
  id: string
  userId: string | null
  name: string | null
  email: string | null
  at: string
  version: number
  outcome?: string
  ended?: string
  because?: JsonObject
  error?: string
  /** Inside: when they go on at the latest. */
  wakeAt?: string
  messageId?: string
}

/** `capped`: there are more, but the newest 1,000 are all that is shown. */
export type BehindPage = Page<Behind> & { capped?: true }

/** Customers shown of one number. */
const MOST = 1_000
const PAGE = 200
const USUAL = 50
const LAST_ID = "ffffffff-ffff-ffff-ffff-ffffffffffff"

/** A way out of a node: of which version, which node, and the code of the outcome or end. */
type Way = { version: number; node: number; code: number }
type Found = { place: Place; item: Omit<Behind, "id" | "userId" | "name" | "email">; cursor: string }
type Reading = { workspace: number; published: readonly Published[]; cursor: readonly string[]; most: number }

/** Opens the numbers of the canvas: who stands behind them. */
export const createBehind = (deps: { db: Db; programs: Programs; stats: Stats; people: People }) => {
  const { db } = deps

  /** Every node that the number is about. */
  const nodesOf = (published: readonly Published[], node: string | undefined) =>
    published.flatMap(version =>
      version.program.nodes
        .filter(each => node === undefined || each.id === node)
        .map(each => ({ version, node: each })),
    )

  const columnsOf = (nodes: ReturnType<typeof nodesOf>) => ({
    versions: nodes.map(({ version }) => version.id),
    nodes: nodes.map(({ node }) => node.index),
  })

  const common = (published: readonly Published[], row: { version_id: number; node: number; at: number }) => {
    const version = published.find(({ id }) => id === row.version_id)
    return { at: formatInstant(row.at), version: version?.number ?? 0, ...nodeNames(version, row.node) }
  }

  const inside = async ({ workspace, published, cursor, most }: Reading, node?: string): Promise<Found[]> => {
    const rows = await store.readInside(db, {
      workspace,
      ...columnsOf(nodesOf(published, node)),
      ...beforeOf(cursor),
      most,
    })
    return rows.map(row => ({
      place: { bucket: row.bucket, id: row.profile_id },
      item: {
        ...common(published, row),
        ...(row.wake_at === null ? {} : { wakeAt: formatInstant(row.wake_at) }),
      },
      cursor: `${row.arrived_at}_${row.id}`,
    }))
  }

  const messages = async (
    { workspace, published, cursor, most }: Reading,
    state: string,
    node?: string,
  ): Promise<Found[]> => {
    const rows = await store.readMessages(db, {
      workspace,
      ...columnsOf(nodesOf(published, node)),
      state,
      ...beforeOf(cursor),
      most,
    })
    return rows.map(row => ({
      place: { bucket: row.bucket, id: row.profile_id },
      item: {
        ...common(published, row),
        messageId: row.id,
        ...(row.error === null ? {} : { error: row.error }),
      },
      cursor: `${row.queued_at}_${row.id}`,
    }))
  }

  const steps = async (
    { workspace, published, cursor, most }: Reading,
    ways: readonly Way[],
    failed: boolean,
  ): Promise<Found[]> => {
    const [before, bucket, seq, visit] = cursor
    const rows = await store.readSteps(db, {
      workspace,
      versions: ways.map(way => way.version),
      nodes: ways.map(way => way.node),
      codes: ways.map(way => way.code),
      failed,
      before: instantOf(before),
      before_bucket: wholeOf(bucket),
      before_seq: wholeOf(seq),
      before_visit: wholeOf(visit),
      most,
    })
    const lost = rows.flatMap(row => (row.profile_id === null ? [row.enrollment_id] : []))
    const moved = new Map(
      (lost.length === 0 ? [] : await store.findMoved(db, { ids: lost })).map(row => [row.id, row]),
    )
    return rows.flatMap(row => {
      const home = row.profile_id === null ? moved.get(row.enrollment_id) : row
      if (home?.profile_id == null) return []
      const node = published.find(({ id }) => id === row.version_id)?.program.nodes[row.node]
      return {
        place: { bucket: home.bucket, id: home.profile_id },
        item: { ...common(published, row), ...wayOf(node, row.outcome), ...(row.note ?? {}) },
        cursor: `${row.worked_at}_${row.bucket}_${row.seq}_${row.visit}`,
      }
    })
  }

  const read = (reading: Reading, asked: NumberAsked): Promise<Found[]> => {
    const nodes = nodesOf(reading.published, asked.node)
    switch (asked.kind) {
      case "inside":
        return inside(reading, asked.node)
      case "messages":
        return messages(reading, asked.state, asked.node)
      case "outcome":
        return steps(reading, waysOf(nodes, outcomeCodes(asked.outcome)), false)
      case "ended":
        return steps(reading, waysOf(nodes, endsOf(asked.node === undefined, asked.reason)), false)
      case "failed":
        return steps(
          reading,
          waysOf(nodes, node => [...node.outcomes.keys(), ...allEndCodes]),
          true,
        )
      case "entered":
        return steps(
          reading,
          waysOf(
            nodes.filter(({ version, node }) => node.index === version.program.entry),
            node => [...node.outcomes.keys(), ...allEndCodes],
          ),
          false,
        )
    }
  }

  return {
    /** The newest customers behind a number, at most 1,000 over all pages. */
    async customers(workspace: Workspace, asked: NumberAsked): Promise<BehindPage> {
      const ids = await deps.stats.versionsOf(workspace, asked.key, asked.version)
      const published = [...(await deps.programs.get(ids)).values()]
      if (asked.node !== undefined && nodesOf(published, asked.node).length === 0)
        throw new Refusal("not-found", `The journey “${asked.key}” has no node “${asked.node}”.`)
      const [given = "0", ...cursor] = (asked.before ?? "").split("_")
      const shown = Math.min(wholeOf(given, 0), MOST)
      const most = Math.min(asked.limit ?? USUAL, PAGE, MOST - shown)
      if (most === 0) return { items: [], capped: true }
      const found = await read({ workspace: workspace.id, published, cursor, most: most + 1 }, asked)
      const page = found.slice(0, most)
      const people = await deps.people.items(
        workspace,
        page.map(({ place }) => place),
      )
      const items = page.flatMap(({ place, item }) => {
        const person = people.get(place.id)
        if (person === undefined) return []
        const { id, userId, name, email } = person
        return [{ id, userId, name, email, ...item }]
      })
      const last = page.at(-1)
      if (found.length <= most || last === undefined) return { items }
      if (shown + most >= MOST) return { items, capped: true }
      return { items, next: `${shown + most}_${last.cursor}` }
    },
  }
}

export type BehindService = ReturnType<typeof createBehind>

const waysOf = (
  nodes: readonly { version: Published; node: ProgramNode }[],
  codesOf: (node: ProgramNode) => number[],
): Way[] =>
  nodes.flatMap(({ version, node }) =>
    codesOf(node).map(code => ({ version: version.id, node: node.index, code })),
  )

const outcomeCodes =
  (outcome: string) =>
  (node: ProgramNode): number[] => {
    const code = node.outcomes.indexOf(outcome)
    return code < 0 ? [] : [code]
  }

const END_OF_PATH = "end-of-path"

/** Of the whole journey a path that stops is an end too; at a node it counts as left. */
const endsOf =
  (ofJourney: boolean, reason: string | undefined) =>
  (node: ProgramNode): number[] => {
    const ends = allEndCodes.filter(code => reason === undefined || endOfCode(node, code) === reason)
    const stops = node.targets.flatMap((target, code) => (target === -1 ? [code] : []))
    return ofJourney && (reason === undefined || reason === END_OF_PATH) ? [...ends, ...stops] : ends
  }

const wayOf = (node: ProgramNode | undefined, code: number): { outcome?: string; ended?: string } =>
  code >= 0 ? { outcome: node?.outcomes[code] ?? "" } : { ended: endOfCode(node, code) }

const beforeOf = ([at, id]: readonly string[]) => ({
  before: instantOf(at),
  before_id: isUuid(id ?? "") ? id! : LAST_ID,
})

/** The instant of a cursor as the database wrote it; a cursor that is none begins at the newest. */
const instantOf = (text: string | undefined): string =>
  text !== undefined && /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?\+00$/.test(text) ? text : "infinity"

const wholeOf = (text: string | undefined, otherwise = 2 ** 31 - 1): number => {
  const number = Number(text)
  return text !== undefined && Number.isSafeInteger(number) && number >= 0 ? number : otherwise
}
