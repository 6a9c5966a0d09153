import type { EpochMs, WebhookStub } from "@viaggio/journey-model"
import type { LinkingSettings } from "../ingest/linking.ts"

/** The shop's name and address that messages are sent from where a node names no other. */
export type Sender = { name: string; email: string }

/** What becomes of a message that may have left already: sent again with the same id, or refused. */
export type InDoubt = "rather-twice" | "rather-not"

/**
 * `webhookStub`: what answers webhooks in a sandbox. `trustLate`: events that arrive more than a day after they
 * happened still make things happen. `eventsPerSecond`: what each process lets in of this workspace. `identities`:
 * how identifiers link people here; absent: as everywhere.
 */
export type WorkspaceSettings = {
  sender?: Sender
  inDoubt?: InDoubt
  webhookStub?: WebhookStub
  trustLate?: boolean
  eventsPerSecond?: number
  identities?: LinkingSettings
}

/** A brand's own customers, journeys and keys; everything belongs to exactly one. */
export type Workspace = {
  id: number
  /** UUIDv7, the name outside: in URLs and headers. */
  publicId: string
  name: string
  /** IANA name, e.g. `Europe/Rome`. */
  zone: string
  /** BCP 47, e.g. `it`. */
  language: string
  sandbox: boolean
  /** 0 is the real clock; a sandbox's own has the workspace's number. */
  clock: number
  /** Where a sandbox's clock stands. */
  clockNow?: EpochMs
  settings: WorkspaceSettings
}
