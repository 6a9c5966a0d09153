import type { EpochMs, JsonObject } from "@viaggio/journey-model"
import type { Logger } from "pino"
import { createSetUp, type SetUp } from "./auth/set-up.ts"
import { createSignIn, type SignIn } from "./auth/sign-in.ts"
import { ensureInstallation } from "./auth/store.ts"
import { type Catalogue, createCatalogue } from "./catalogue/catalogue.ts"
import type { Config } from "./config.ts"
import type { Database } from "./db/client.ts"
import { createJourneys, type Journeys } from "./journeys/service.ts"
import type { Ports } from "./ports.ts"
import { Refusal } from "./refusal.ts"
import { createKeys, type Keys } from "./workspaces/keys.ts"
import { createWorkspaces, type Workspaces } from "./workspaces/service.ts"
import type { Workspace } from "./workspaces/workspace.ts"

export type MessageState = "queued" | "sent" | "refused"

/** Counts of one node over the chosen versions, in visits; `messages` only at nodes that send. */
export type NodeCounts = {
  entered: number
  inside: number
  left: Record<string, number>
  ended: Record<string, number>
  failed: number
  messages?: Record<string, number>
}

/** `entered = inside + Σ left + Σ ended` for every node; every node and declared outcome is present. */
export type JourneyCounts = {
  journey: string
  version: "all" | number
  at: string
  totals: {
    entered: number
    inside: number
    ended: Record<string, number>
    notAdmitted: Record<string, number>
  }
  nodes: Record<string, NodeCounts>
}

export type JourneySummary = { entered24h: number; inside: number; ended: number; failed: number }

export type CustomerItem = {
  id: string
  userId: string | null
  name: string | null
  email: string | null
  lastSeenAt: string | null
  createdAt: string
  inside: number
}

export type ProfileView = {
  id: string
  attributes: JsonObject
  identities: { kind: string; value: string }[]
  inside: { journey: string; version: number; node: string; since: string }[]
  createdAt: string
  updatedAt: string
}

/** What happened to a customer, newest first. */
export type TimelineItem =
  | { kind: "event"; at: string; name: string; type: string; messageId: string; properties: JsonObject }
  | {
      kind: "step"
      at: string
      journey: string
      version: number
      node: string
      arrivedAt: string
      outcome?: string
      ended?: string
      because?: JsonObject
      error?: string
    }
  | {
      kind: "message"
      at: string
      id: string
      journey: string
      node: string
      subject: string
      state: MessageState
    }
  | { kind: "merge"; at: string; id: string }

export type MessageItem = {
  id: string
  to: string
  subject: string
  state: MessageState
  at: string
  sentAt?: string
  journey: string
  node: string
  userId: string | null
  text: string
  html: string
  /** Why it was refused, or what the last try met. */
  error?: string
}

export type Page<Item> = { items: Item[]; next?: string }
export type PageRequest = { before?: string; limit?: number }
export type MessageFilter = PageRequest & {
  journey?: string
  node?: string
  userId?: string
  state?: MessageState
}

export type ProfilesService = {
  list(workspace: Workspace, filter: PageRequest & { search?: string }): Promise<Page<CustomerItem>>
  get(workspace: Workspace, idOrUserId: string): Promise<ProfileView>
  timeline(workspace: Workspace, idOrUserId: string, page: PageRequest): Promise<Page<TimelineItem>>
}

export type MessagesService = {
  list(workspace: Workspace, filter: MessageFilter): Promise<Page<MessageItem>>
  get(workspace: Workspace, id: string): Promise<MessageItem>
}

export type StatsService = {
  journey(workspace: Workspace, key: string, version: "all" | number): Promise<JourneyCounts>
  summaries(workspace: Workspace): Promise<Map<number, JourneySummary>>
}

export type Advance = { now: string; events: number; steps: number; messages: number; done: boolean }

export type ClockService = {
  get(workspace: Workspace): Promise<{ sandbox: boolean; now: EpochMs }>
  advance(workspace: Workspace, to: EpochMs): Promise<Advance>
}

export type RunStatus = { status: "live" | "paused" | "stopped" }

export type RunsService = {
  pause(workspace: Workspace, journey: string): Promise<RunStatus>
  resume(workspace: Workspace, journey: string): Promise<RunStatus>
  stop(workspace: Workspace, journey: string): Promise<RunStatus>
}

/** Everything that a router may call. */
export type Services = {
  workspaces: Workspaces
  keys: Keys
  signIn: SignIn
  setUp: SetUp
  journeys: Journeys
  profiles: ProfilesService
  messages: MessagesService
  stats: StatsService
  catalogue: Catalogue
  clock: ClockService
  runs: RunsService
  /** Whether messages of a workspace on the real clock leave by SMTP. */
  smtp: boolean
}

export type ServicesOptions = {
  database: Database
  ports: Ports
  log: Logger
  config: Pick<Config, "adminKey" | "publicUrl" | "smtpUrl">
}

/** Builds every domain on one database and lets them know each other. */
export async function createServices({ database, ports, log, config }: ServicesOptions): Promise<Services> {
  const db = database.engine
  const secret = () => Buffer.from(ports.randomBytes(32)).toString("base64url")
  const installation = await ensureInstallation(db, { authSecret: secret(), hashSecret: secret() })
  const { publicUrl, adminKey } = config
  const signIn = createSignIn({
    db,
    secret: installation.authSecret,
    onError: message => log.error(message),
    ...(publicUrl ? { publicUrl } : {}),
  })
  const workspaces = createWorkspaces({ db, ports })
  if (adminKey) await workspaces.ensureDefault()
  return {
    workspaces,
    keys: createKeys({ db, ports, ...(adminKey ? { adminKey } : {}) }),
    signIn,
    setUp: createSetUp({ db, ports, signIn }),
    journeys: createJourneys({ db, ports }),
    catalogue: createCatalogue(database.analytics),
    ...pending,
    smtp: config.smtpUrl !== undefined,
  }
}

const notYet = async (): Promise<never> => {
  throw new Refusal("unavailable", "Not built yet.")
}
const pending = {
  profiles: { list: notYet, get: notYet, timeline: notYet },
  messages: { list: notYet, get: notYet },
  stats: { journey: notYet, summaries: async () => new Map<number, JourneySummary>() },
  clock: { get: notYet, advance: notYet },
  runs: { pause: notYet, resume: notYet, stop: notYet },
}
