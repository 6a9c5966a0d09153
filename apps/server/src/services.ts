import type { Logger } from "pino"
import type { ClockService, MessagesService, ProfilesService, RunsService, StatsService } from "./answers.ts"
import { createSetUp, type SetUp } from "./auth/set-up.ts"
import { createSignIn, type SignIn } from "./auth/sign-in.ts"
import { ensureInstallation } from "./auth/store.ts"
import { type Catalogue, createCatalogue } from "./catalogue/catalogue.ts"
import type { Config } from "./config.ts"
import type { Database } from "./db/client.ts"
import { createEngine, type Engine } from "./engine/engine.ts"
import { createJourneys, type Journeys } from "./journeys/service.ts"
import type { Ports } from "./ports.ts"
import { createKeys, type Keys } from "./workspaces/keys.ts"
import { createWorkspaces, type Workspaces } from "./workspaces/service.ts"

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
  databaseUrl: string
  ports: Ports
  log: Logger
  config: Pick<Config, "adminKey" | "publicUrl" | "smtpUrl">
  /** What links in messages start with where no public URL is configured. */
  localUrl: string
}

/** Builds every domain on one database and lets them know each other. The engine is made, not started. */
export async function createServices(
  options: ServicesOptions,
): Promise<{ services: Services; engine: Engine }> {
  const { database, databaseUrl, ports, log } = options
  const { publicUrl, adminKey, smtpUrl } = options.config
  const db = database.engine
  const secret = () => Buffer.from(ports.randomBytes(32)).toString("base64url")
  const installation = await ensureInstallation(db, { authSecret: secret(), hashSecret: secret() })
  const signIn = createSignIn({
    db,
    secret: installation.authSecret,
    onError: message => log.error(message),
    ...(publicUrl ? { publicUrl } : {}),
  })
  const onChanged = () => engine.redefined()
  const workspaces = createWorkspaces({ db, ports, onChanged })
  const engine = createEngine({
    database,
    databaseUrl,
    ports,
    log,
    publicUrl: publicUrl ?? options.localUrl,
    linkSecret: installation.hashSecret,
    workspaceOf: workspaces.find,
    ...(smtpUrl ? { smtpUrl } : {}),
  })
  if (adminKey) await workspaces.ensureDefault()
  const { profiles, messages, stats, clock, runs } = engine
  const services = {
    workspaces,
    keys: createKeys({ db, ports, ...(adminKey ? { adminKey } : {}) }),
    signIn,
    setUp: createSetUp({ db, ports, signIn }),
    journeys: createJourneys({ db, ports, onPublished: onChanged }),
    profiles,
    messages,
    stats,
    catalogue: createCatalogue(database.analytics),
    clock,
    runs,
    smtp: smtpUrl !== undefined,
  }
  return { services, engine }
}
