import type { Condition, EpochMs, JsonObject } from "@viaggio/journey-model"
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

/** Whether marketing e-mail reaches a customer: the first of the reasons against it, in the order in which a node looks. */
export type ConsentState = "subscribed" | "unsubscribed" | "suppressed" | "no-address"

/** `inside`: the key of a journey. With a condition a page may hold fewer than asked for although there is a next. */
export type CustomerFilter = PageRequest & {
  search?: string
  inside?: string
  consent?: ConsentState
  condition?: Condition
}

/** A node as people know it: `nodeName` where somebody gave it one, else its type and id have to say it. */
export type NodeNames = { node: string; nodeType: string; nodeName?: string }

/** Who said a value: an event (`via`: the import or the library that sent it), or a node of a journey. */
export type ValueSource =
  | { kind: "event"; name: string; messageId: string; via?: string }
  | { kind: "journey" }

/** Whether marketing e-mail reaches a customer, and what stands against their address. */
export type Consent = { email: ConsentState; reasons: { reason: string; at: string; source: string }[] }

/** What templates can say of a customer; `entry`: the newest event of the name that was asked for. */
export type CustomerFacts = {
  id: string
  userId: string | null
  name: string | null
  attributes: JsonObject
  entry?: { name: string; at: string; properties: JsonObject; messageId: string }
}

export type ProfileView = {
  id: string
  attributes: JsonObject
  /** Of each attribute: when its value was said, and by whom. */
  values: Record<string, { at: string; source: ValueSource }>
  consent: Consent
  identities: { kind: string; value: string }[]
  inside: (NodeNames & { journey: string; version: number; since: string })[]
  /** Profiles that an event named together with this one, by which kind of identity, and what became of it. */
  merges: { other: string; state: "merged" | "under-way" | "refused"; because: string; at: string }[]
  createdAt: string
  updatedAt: string
}

/** What happened to a customer, newest first. */
export type TimelineItem =
  | {
      kind: "event"
      at: string
      name: string
      type: string
      messageId: string
      properties: JsonObject
      /** It was told as history, or came too late to make anything happen. */
      history?: true
    }
  | (NodeNames & {
      kind: "step"
      at: string
      journey: string
      version: number
      arrivedAt: string
      outcome?: string
      ended?: string
      because?: JsonObject
      error?: string
    })
  | (NodeNames & {
      kind: "message"
      at: string
      id: string
      journey: string
      channel: "email" | "webhook"
      /** Of a web call its method and address. */
      subject: string
      state: MessageState
    })
  | { kind: "merge"; at: string; id: string }

export type MessageItem = NodeNames & {
  id: string
  to: string
  subject: string
  state: MessageState
  at: string
  sentAt?: string
  journey: string
  userId: string | null
  text: string
  html: string
  channel: "email" | "webhook"
  /** Tries so far; those that an overloaded provider turned away do not count. */
  attempts: number
  /** Why it was refused, or what the last try met. */
  error?: string
  /** Of a refused one: provider, bounced, attempts, template, unsubscribed, suppressed, stopped, in-doubt, skipped. */
  reason?: string
  /** A process ended while it was being sent, so often: it may have left more than once. */
  doubts?: number
  /** Sent once more by hand, which can be done once. */
  replayedAt?: string
  bouncedAt?: string
  openedAt?: string
  clickedAt?: string
  unsubscribedAt?: string
}

/** How a refused message is sent once more: to whom, and by which version's template. */
export type ReplayOrder = { to?: string; template: "same" | "current" }

export type Page<Item> = { items: Item[]; next?: string }
export type PageRequest = { before?: string; limit?: number }
export type MessageFilter = PageRequest & {
  journey?: string
  node?: string
  userId?: string
  state?: MessageState
  /** Only those that may have left more than once, or were refused for that. */
  inDoubt?: boolean
}

export type ProfilesService = {
  list(workspace: Workspace, filter: CustomerFilter): Promise<Page<CustomerItem>>
  get(workspace: Workspace, idOrUserId: string): Promise<ProfileView>
  facts(workspace: Workspace, idOrUserId: string, event?: string): Promise<CustomerFacts>
  timeline(workspace: Workspace, idOrUserId: string, page: PageRequest): Promise<Page<TimelineItem>>
}

export type MessagesService = {
  list(workspace: Workspace, filter: MessageFilter): Promise<Page<MessageItem>>
  get(workspace: Workspace, id: string): Promise<MessageItem>
  /** Sends a refused message once more; `by`: whose wish it is. */
  replay(workspace: Workspace, id: string, order: ReplayOrder, by: string): Promise<MessageItem>
  /** Notes what became of a message; `id`: its own, or the Message-ID that it left with. */
  feedback(workspace: Workspace, id: string, feedback: Feedback): Promise<void>
}

/** How a provider has done in the last hour, by minute where something happened; `circuit`: at this moment. */
export type ProviderItem = {
  provider: string
  circuit: "closed" | "open" | "half-open"
  /** Messages of this workspace that wait for it, at most 10,000 are counted. */
  queued: number
  /** Most in a second, where there is a limit. */
  perSecond?: number
  sent: number
  refused: number
  later: number
  /** Messages that may have left more than once. */
  inDoubt: number
  errors: Record<string, number>
  latencyP50Ms?: number
  latencyP95Ms?: number
  lastError?: string
  lastErrorAt?: string
  minutes: {
    at: string
    sent: number
    refused: number
    later: number
    errors: Record<string, number>
    latencyP50Ms?: number
    latencyP95Ms?: number
  }[]
}

/** What a provider said later about a message that it had taken. `permanent`: nothing to that address will arrive. */
export type Feedback = { kind: "bounced"; permanent: boolean; error?: string } | { kind: "complained" }

export type ProvidersService = {
  /** The providers that a workspace's messages have used. */
  list(workspace: Workspace): Promise<ProviderItem[]>
}

/** An address that gets no e-mail; `source`: `message:<id>`, or whose hand it was. */
export type SuppressionItem = { address: string; reason: string; at: string; source: string }

export type SuppressionsService = {
  /** Newest first; `search` is a piece of an address. */
  list(workspace: Workspace, filter: PageRequest & { search?: string }): Promise<Page<SuppressionItem>>
  addByHand(workspace: Workspace, address: string, by: string): Promise<void>
  /** Takes it off for that reason, or for all. */
  remove(workspace: Workspace, address: string, reason?: string): Promise<void>
}

export type StatsService = {
  journey(workspace: Workspace, key: string, version: "all" | number): Promise<JourneyCounts>
  insideByVersion(workspace: Workspace, key: string): Promise<{ number: number; inside: number }[]>
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
  /** `perMinute`: customers a minute who go on. */
  resume(workspace: Workspace, journey: string, perMinute?: number): Promise<RunStatus>
  stop(workspace: Workspace, journey: string): Promise<RunStatus>
}

/** A customer whom the engine could not work: what happens to them is kept until they can be. */
export type StuckItem = {
  id: string
  since: string
  /** The first line of the error. */
  error: string
  tries: number
  triedAt?: string
  /** The event that is worked next; absent when it is a wait. */
  event?: { name: string; at: string; messageId: string }
}

/** `asked`: nobody has come to it yet; it is done later. */
export type StuckOutcome =
  | { state: "released" }
  | { state: "set-aside"; customer: StuckItem }
  | { state: "asked"; customer: StuckItem }

export type StuckService = {
  list(workspace: Workspace): Promise<StuckItem[]>
  tryAgain(workspace: Workspace, profile: string): Promise<StuckOutcome>
  skip(workspace: Workspace, profile: string): Promise<StuckOutcome>
}
