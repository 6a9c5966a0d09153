import { createHash, timingSafeEqual } from "node:crypto"
import type { Logger } from "pino"
import type {
  ClockService,
  MessagesService,
  ProfilesService,
  ProvidersService,
  RunsService,
  StatsService,
  StuckService,
  SuppressionsService,
} from "./answers.ts"
import { type Account, createAccount } from "./auth/account.ts"
import { createAccountMailer } from "./auth/account-mail.ts"
import { type Attempts, createAttempts } from "./auth/attempts.ts"
import { createInvitations, type Invitations } from "./auth/invitations.ts"
import { createSetUp, type SetUp } from "./auth/set-up.ts"
import { createSignIn, type SignIn } from "./auth/sign-in.ts"
import { ensureInstallation } from "./auth/store.ts"
import { type Catalogue, createCatalogue } from "./catalogue/catalogue.ts"
import { type Callbacks, createCallbacks } from "./channels/callbacks.ts"
import type { SmtpOptions } from "./channels/smtp.ts"
import { createTestMails, type TestMails } from "./channels/test-mails.ts"
import type { Config } from "./config.ts"
import type { Database } from "./db/client.ts"
import type { WebhookSecrets } from "./effects/webhook-secrets.ts"
import { createEngine, type Engine } from "./engine/engine.ts"
import { createHabits, type Habits } from "./habits/habits.ts"
import { createImpact, type ImpactService } from "./habits/impact.ts"
import { createImports, type Imports, TaskKind } from "./imports/imports.ts"
import { createImportRun } from "./imports/run.ts"
import { createJourneys, type Journeys } from "./journeys/service.ts"
import type { BehindService } from "./monitor/behind.ts"
import type { HoldService } from "./monitor/hold.ts"
import { createMeter } from "./monitor/meter.ts"
import { createOperation, type Operation } from "./monitor/operation.ts"
import type { Ports } from "./ports.ts"
import type { MatchingService } from "./profiles/matching.ts"
import { releaseOf } from "./release.ts"
import {
  createSampleStore,
  createSampleStoreRun,
  SAMPLE_STORE,
  type SampleStore,
} from "./sample-store/service.ts"
import { createTasks, type Tasks } from "./tasks/tasks.ts"
import { createKeys, type Keys } from "./workspaces/keys.ts"
import { createMembers, type Members } from "./workspaces/members.ts"
import { createWorkspaces, type Workspaces } from "./workspaces/service.ts"

/** Everything that a router may call. */
export type Services = {
  workspaces: Workspaces
  keys: Keys
  members: Members
  signIn: SignIn
  attempts: Attempts
  account: Account
  invitations: Invitations
  setUp: SetUp
  journeys: Journeys
  profiles: ProfilesService
  matching: MatchingService
  behind: BehindService
  messages: MessagesService
  stats: StatsService
  catalogue: Catalogue
  clock: ClockService
  runs: RunsService
  stuck: StuckService
  hold: HoldService
  operation: Operation
  suppressions: SuppressionsService
  providers: ProvidersService
  callbacks: Callbacks
  testMails: TestMails
  imports: Imports
  sampleStore: SampleStore
  habits: Habits
  impact: ImpactService
  /** Long work that people asked for; started beside the engine. */
  tasks: Tasks
  webhookSecrets: WebhookSecrets
  /** Whether a key lets its holder read the metrics from anywhere. */
  opensMetrics(key: string | undefined): boolean
  /** Whether messages of a workspace on the real clock leave by SMTP. */
  smtp: boolean
}

export type ServicesOptions = {
  database: Database
  databaseUrl: string
  ports: Ports
  log: Logger
  config: Partial<Pick<Config, "dataFolder">> &
    Pick<
      Config,
      | "adminKey"
      | "metricsKey"
      | "publicUrl"
      | "smtpUrl"
      | "smtpConnections"
      | "smtpPerSecond"
      | "dkim"
      | "webhookPrivate"
    >
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
  const attempts = createAttempts(db)
  const onChanged = () => engine.redefined()
  const workspaces = createWorkspaces({ db, ports, onChanged })
  const meter = createMeter()
  const engine = createEngine({
    database,
    meter,
    databaseUrl,
    ports,
    log,
    release: releaseOf(),
    publicUrl: publicUrl ?? options.localUrl,
    linkSecret: installation.hashSecret,
    workspaceOf: workspaces.find,
    ...(options.config.dataFolder === undefined
      ? {}
      : { sentJournal: { dataFolder: options.config.dataFolder, installation: installation.id } }),
    webhooks: { allowPrivate: options.config.webhookPrivate === true },
    ...(smtpUrl ? { smtp: smtpOf(smtpUrl, options.config) } : {}),
  })
  if (adminKey) await workspaces.ensureDefault()
  const {
    profiles,
    matching,
    behind,
    messages,
    stats,
    clock,
    runs,
    stuck,
    suppressions,
    providers,
    webhookSecrets,
  } = engine
  const operation = createOperation({ database, ports, engine, meter })
  const tasks = createTasks({ db, ports, log })
  const { analytics } = database
  for (const kind of ["check", "import"] as const)
    tasks.handle(
      TaskKind[kind],
      createImportRun(
        {
          db,
          analytics,
          ports,
          coalescer: engine.coalescer,
          catalogue: engine.catalogue,
          workspaceOf: workspaces.find,
          onTaken: operation.taken,
        },
        kind,
      ),
    )
  const journeys = createJourneys({ db, ports, onPublished: onChanged })
  const shop = {
    db,
    ports,
    tasks,
    workspaces,
    journeys,
    clock,
    coalescer: engine.coalescer,
    catalogue: engine.catalogue,
    smtp: smtpUrl !== undefined,
  }
  tasks.handle(SAMPLE_STORE, createSampleStoreRun(shop))
  const mailer = smtpUrl ? { mail: createAccountMailer(smtpUrl) } : {}
  const services = {
    workspaces,
    keys: createKeys({ db, ports, ...(adminKey ? { adminKey } : {}) }),
    members: createMembers(db),
    signIn,
    attempts,
    account: createAccount({ db, signIn, attempts }),
    invitations: createInvitations({
      db,
      ports,
      signIn,
      publicUrl: publicUrl ?? options.localUrl,
      onError: (error, text) => log.error({ err: error }, text),
      ...mailer,
    }),
    testMails: createTestMails({ db, ports, profiles, publicUrl: publicUrl ?? options.localUrl, ...mailer }),
    setUp: createSetUp({ db, ports, signIn }),
    journeys,
    sampleStore: createSampleStore(shop),
    profiles,
    matching,
    behind,
    messages,
    stats,
    catalogue: createCatalogue(analytics),
    clock,
    runs,
    stuck,
    hold: engine.hold,
    operation,
    tasks,
    habits: createHabits({ db: analytics, ports }),
    impact: createImpact({ db: analytics, ports }),
    imports: createImports({ db, analytics, ports, tasks }),
    suppressions,
    providers,
    webhookSecrets,
    callbacks: createCallbacks({
      db,
      ports,
      publicUrl: publicUrl ?? options.localUrl,
      secret: installation.hashSecret,
      workspaceOf: workspaces.find,
      feedback: messages.feedback,
    }),
    opensMetrics: keyGate(options.config.metricsKey),
    smtp: smtpUrl !== undefined,
  }
  return { services, engine }
}

/** Compared by their hashes, so that the time taken tells nothing. */
const keyGate = (wanted: string | undefined) => {
  const hashOf = (text: string) => createHash("sha256").update(text).digest()
  const hash = wanted === undefined ? undefined : hashOf(wanted)
  return (key: string | undefined): boolean =>
    hash !== undefined && key !== undefined && timingSafeEqual(hashOf(key), hash)
}

const smtpOf = (
  url: string,
  { smtpConnections, smtpPerSecond, dkim }: ServicesOptions["config"],
): SmtpOptions => ({
  url,
  ...(smtpConnections === undefined ? {} : { connections: smtpConnections }),
  ...(smtpPerSecond === undefined ? {} : { perSecond: smtpPerSecond }),
  ...(dkim === undefined ? {} : { dkim }),
})
