import type { Registry } from "prom-client"
import type { Database, Db } from "../db/client.ts"
import { errorCode } from "../db/connect.ts"
import { knownSchema, readSchemaInfo } from "../db/schema.ts"
import type { Engine } from "../engine/engine.ts"
import type { Ports } from "../ports.ts"
import { createDatabaseWatch, type DatabaseWatch } from "./database-watch.ts"
import { type Own, registerGauges } from "./gauges.ts"
import type { Meter } from "./meter.ts"
import { createPulse } from "./pulse.ts"
import { createStatus, type StatusService } from "./status.ts"

/** What those see who watch over an installation. */
export type Operation = {
  watch: DatabaseWatch
  status: StatusService
  registry: Registry
  taken: Meter["taken"]
  /** Brings the registry's gauges up to now; throws where the database is away, and the rest holds all the same. */
  refresh(): Promise<void>
}

export const createOperation = (deps: {
  database: Pick<Database, "engine" | "analytics">
  ports: Ports
  engine: Engine
  meter: Meter
}): Operation => {
  const { database, ports, engine, meter } = deps
  const pulse = createPulse({ db: database.analytics, ports })
  const own: Own = {
    isListening: engine.isListening,
    eventsWaiting: engine.coalescer.waiting,
    failing: engine.failing,
    journal: engine.journal,
  }
  const { hold, stuck, providers } = engine
  return {
    watch: createDatabaseWatch({ probe: () => probe(database.engine), codeOf: errorCode, ports }),
    status: createStatus({ db: database.analytics, ports, pulse, own, hold, stuck, providers }),
    registry: meter.registry,
    taken: meter.taken,
    refresh: registerGauges(meter.registry, { pulse, ports, own }),
  }
}

const probe = async (db: Db): Promise<{ migrated: boolean }> => {
  const info = await readSchemaInfo(db)
  return { migrated: info !== undefined && info.version >= knownSchema() }
}
