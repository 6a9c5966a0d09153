import type { Enrollment, EpochMs } from "@viaggio/journey-model"
import type { Tx } from "../db/client.ts"
import { addEnrollments, type EnrollmentRow, saveEnrollments } from "./engine-store.ts"
import { instantText } from "./instant-text.ts"
import type { Loaded } from "./load.ts"
import type { LiveVersion } from "./worlds.ts"

/** Where an enrollment stands. */
const placeColumns = () => ({
  ids: [] as string[],
  nodes: [] as number[],
  visits: [] as number[],
  arrived: [] as string[],
  wakes: [] as (string | null)[],
  helds: [] as (string | null)[],
  states: [] as (string | null)[],
  ended: [] as (string | null)[],
  reasons: [] as (string | null)[],
})

/** The enrollments that a batch adds and changes, column by column. */
export class EnrollmentRows {
  readonly #now: EpochMs
  readonly #changed = placeColumns()
  readonly #added = {
    ...placeColumns(),
    workspaces: [] as number[],
    journeys: [] as number[],
    versions: [] as number[],
    profiles: [] as string[],
    clocks: [] as number[],
    entered: [] as string[],
    entries: [] as string[],
  }

  constructor(now: EpochMs) {
    this.#now = now
  }

  change(version: LiveVersion, enrollment: Enrollment): void {
    this.#pushPlace(this.#changed, version, enrollment)
  }

  add({ workspace, customer }: Loaded, version: LiveVersion, enrollment: Enrollment): void {
    const rows = this.#added
    this.#pushPlace(rows, version, enrollment)
    rows.workspaces.push(workspace.id)
    rows.journeys.push(version.journeyId)
    rows.versions.push(version.id)
    rows.profiles.push(customer.id)
    rows.clocks.push(workspace.clock)
    rows.entered.push(instantText(enrollment.enteredAt))
    const { name, at, messageId, properties } = enrollment.entry
    rows.entries.push(
      JSON.stringify(isEmpty(properties) ? { name, at, messageId } : { name, at, messageId, properties }),
    )
  }

  save(tx: Tx, bucket: number): Promise<unknown> {
    return Promise.all([
      this.#added.ids.length === 0 ? undefined : addEnrollments(tx, { bucket, ...this.#added }),
      this.#changed.ids.length === 0 ? undefined : saveEnrollments(tx, { bucket, ...this.#changed }),
    ])
  }

  #pushPlace(rows: ReturnType<typeof placeColumns>, { version }: LiveVersion, enrollment: Enrollment): void {
    const { ended, wakeAt } = enrollment
    const wake = ended !== undefined || wakeAt === undefined ? null : instantText(wakeAt)
    const isHeld = wake !== null && version.state === "paused" && wakeAt! <= this.#now
    rows.ids.push(enrollment.id)
    rows.nodes.push(version.program.index.get(enrollment.node)!)
    rows.visits.push(enrollment.visit)
    rows.arrived.push(instantText(enrollment.arrivedAt))
    rows.wakes.push(isHeld ? null : wake)
    rows.helds.push(isHeld ? wake : null)
    rows.states.push(stateOf(enrollment))
    rows.ended.push(ended === undefined ? null : instantText(ended.at))
    rows.reasons.push(ended?.reason ?? null)
  }
}

const stateOf = ({ arrivals, context, held, drawnFor }: Enrollment): string | null => {
  if (isEmpty(arrivals) && isEmpty(context) && held !== true && drawnFor === undefined) return null
  const state: NonNullable<EnrollmentRow["state"]> = {}
  if (!isEmpty(arrivals)) state.arrivals = arrivals
  if (!isEmpty(context)) state.context = context
  if (held === true) state.held = true
  if (drawnFor !== undefined) state.drawnFor = drawnFor
  return JSON.stringify(state)
}

const isEmpty = (record: object): boolean => {
  for (const _ in record) return false
  return true
}
