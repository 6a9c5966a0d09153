import type { EpochMs, WebhookStub } from "@viaggio/journey-model"
import { z } from "zod"
import type { Db, DbOrTransaction } from "../db/client.ts"
import { bumpDefinitions } from "../db/definitions.ts"
import { type LinkingSettings, linkingKinds } from "../ingest/linking.ts"
import { IdentityKind } from "../ingest/message.ts"
import { USUAL_PER_SECOND } from "../ingest/rate.ts"
import type { Ports } from "../ports.ts"
import { Refusal } from "../refusal.ts"
import { Role } from "./roles.ts"
import {
  addOwner,
  copyMembers,
  findDefaultWorkspace,
  findWorkspace,
  findWorkspacesOf,
  insertWorkspace,
  lockFirstWorkspace,
  type Membership,
  updateWorkspace,
} from "./store.ts"
import type { InDoubt, Sender, Workspace } from "./workspace.ts"

export type WorkspaceDraft = {
  name: string
  zone: string
  language: string
  sandbox: boolean
  /** Where a sandbox's clock starts; now, if absent. Refused without `sandbox`. */
  startAt?: EpochMs
}

export type WorkspaceChange = {
  name?: string
  zone?: string
  language?: string
  sender?: Sender
  inDoubt?: InDoubt
  webhookStub?: WebhookStub
  trustLate?: boolean
  eventsPerSecond?: number
  identities?: LinkingSettings
}

export const nameSchema = z.string().trim().min(1).max(120)
export const zoneSchema = z.string().refine(isZone, "is no time zone of the IANA list")
export const languageSchema = z
  .string()
  .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, "is no language code such as en or it")
/** Longest answer of a stand-in, as JSON text. */
const LONGEST_STUB = 20_000
export const stubSchema = z.discriminatedUnion("outcome", [
  z.strictObject({
    outcome: z.literal("succeeded"),
    body: z.json().refine(body => JSON.stringify(body).length <= LONGEST_STUB, "is too long"),
  }),
  z.strictObject({ outcome: z.literal("failed") }),
])
/** Longest list of values that name nobody. */
const MOST_BLOCKED = 1_000
export const identitiesSchema = z.strictObject({
  kinds: z
    .partialRecord(
      z.enum(Object.keys(IdentityKind) as IdentityKind[]),
      z.strictObject({ joins: z.boolean(), most: z.number().int().min(1).max(1_000) }),
    )
    .default({}),
  blocked: z.array(z.string().trim().min(1).max(320).transform(canonical)).max(MOST_BLOCKED).default([]),
})
export const inDoubtSchema = z.enum(["rather-twice", "rather-not"])
export const senderSchema = z.object({ name: nameSchema, email: z.email().max(254) })

/** As the door compares it: in lower case, a phone number without what stands between its digits. */
function canonical(value: string): string {
  return value.startsWith("+") ? value.replaceAll(/[\s().-]/g, "") : value.toLowerCase()
}

function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone })
    return true
  } catch {
    return false
  }
}

export type WorkspacesOptions = {
  db: Db
  ports: Ports
  /** Called after the commit of a change that a running engine has to see. */
  onChanged?: () => void
}

/** Workspaces and who belongs to them. */
export function createWorkspaces({ db, ports, onChanged }: WorkspacesOptions) {
  async function make(transaction: DbOrTransaction, draft: WorkspaceDraft): Promise<Workspace> {
    if (!draft.sandbox && draft.startAt !== undefined) {
      throw new Refusal("invalid", "Only a sandbox has a clock that can start at another time.")
    }
    const { name, zone, language } = draft
    const startAt = draft.sandbox ? { startAt: draft.startAt ?? ports.now() } : {}
    const made = await insertWorkspace(transaction, {
      publicId: ports.newId(),
      name,
      zone,
      language,
      ...startAt,
    })
    await bumpDefinitions(transaction)
    return made
  }

  return {
    /** For a signed-in person, who becomes its owner. */
    create(draft: WorkspaceDraft, userId: string): Promise<Workspace> {
      return db.transaction(async transaction => {
        const made = await make(transaction, draft)
        await addOwner(transaction, made.id, userId)
        return made
      })
    },

    /** For a key of another workspace: the people of that one see it too. */
    createBeside(beside: Workspace, draft: WorkspaceDraft): Promise<Workspace> {
      return db.transaction(async transaction => {
        const made = await make(transaction, draft)
        await copyMembers(transaction, beside.id, made.id)
        return made
      })
    },

    /** The workspace of the administrator's key; made at the first start that has such a key. */
    ensureDefault(): Promise<Workspace> {
      return db.transaction(async transaction => {
        await lockFirstWorkspace(transaction)
        const found = await findDefaultWorkspace(transaction)
        return found ?? make(transaction, { name: "Viaggio", zone: "UTC", language: "en", sandbox: false })
      })
    },

    /** What holds for events on their way in, with what the workspace leaves unsaid filled in. */
    incoming({ settings }: Workspace) {
      return {
        trustLate: settings.trustLate ?? false,
        eventsPerSecond: settings.eventsPerSecond ?? USUAL_PER_SECOND,
        kinds: linkingKinds(settings.identities),
        blocked: settings.identities?.blocked ?? [],
      }
    },

    /** Whether a person decides about the installation: as an owner of its first workspace, the administrator's key's. */
    async isAdministrator(userId: string): Promise<boolean> {
      const first = await findDefaultWorkspace(db)
      const own = await findWorkspacesOf(db, userId)
      return own.some(({ workspace, role }) => workspace.id === first?.id && role === Role.owner)
    },

    find: (id: number): Promise<Workspace | undefined> => findWorkspace(db, id),

    /** The workspaces of a person, each with the role there. */
    ofUser: (userId: string): Promise<Membership[]> => findWorkspacesOf(db, userId),

    async update(workspace: Workspace, change: WorkspaceChange): Promise<void> {
      await db.transaction(async transaction => {
        const { sender, inDoubt, webhookStub, trustLate, eventsPerSecond, identities, ...rest } = change
        const settings = {
          ...(sender && { sender }),
          ...(inDoubt && { inDoubt }),
          ...(webhookStub && { webhookStub }),
          ...(trustLate === undefined ? {} : { trustLate }),
          ...(eventsPerSecond === undefined ? {} : { eventsPerSecond }),
          ...(identities && { identities }),
        }
        await updateWorkspace(transaction, workspace.id, { ...rest, settings })
        await bumpDefinitions(transaction)
      })
      onChanged?.()
    },
  }
}

export type Workspaces = ReturnType<typeof createWorkspaces>
