import {
  type AudiencePerson,
  type Behaviour,
  type Chance,
  type EpochMs,
  type EventFact,
  type JsonObject,
  ordinary,
} from "@viaggio/journey-model"

/** A rate as the server learned it: `known` is false where too little was seen and something ordinary stands. */
export type LearnedRate = { known: boolean; share: number; delaysMs: readonly number[] }

/** What the workspace's own customers did, as the server tells it. */
export type LearnedRates = {
  customers: number
  events: { [event: string]: { known: boolean; after: LearnedRate; afterMessage: LearnedRate } }
  messages: {
    known: boolean
    sent: number
    opened: LearnedRate
    clicked: LearnedRate
    bounced: LearnedRate
    unsubscribed: LearnedRate
  }
}

const chanceOf = ({ share, delaysMs }: LearnedRate): Chance => ({ share, delaysMs })

/** A behaviour in which everything that was learned stands in the place of what is ordinary. */
export function withLearned(behaviour: Behaviour, learned: LearnedRates | undefined): Behaviour {
  if (!learned) return behaviour
  const { opened, clicked, bounced, unsubscribed } = learned.messages
  const reactions = {
    opened: chanceOf(opened),
    clicked: chanceOf(clicked),
    bounced: chanceOf(bounced),
    unsubscribed: chanceOf(unsubscribed),
  }
  return {
    ...behaviour,
    events: Object.fromEntries(
      Object.entries(behaviour.events).map(([event, usual]) => {
        const own = learned.events[event]
        return [event, own ? { after: chanceOf(own.after), afterMessage: chanceOf(own.afterMessage) } : usual]
      }),
    ),
    messages: Object.fromEntries(Object.keys(behaviour.messages).map(node => [node, reactions])),
  }
}

/** A customer of a sample: attributes, and of each event how often, first and last. */
export type SampledCustomer = {
  attributes: JsonObject
  digest: { [event: string]: { count: number; firstAt: EpochMs; lastAt: EpochMs } }
}

/** What the editor hands in of the workspace: this folder asks no server for anything. */
export type AudienceSource = {
  /** Undefined until the server has told. */
  rates: LearnedRates | undefined
  /** Customers of the workspace; undefined until they were asked for and are here. */
  sampled: { of: number; customers: readonly SampledCustomer[] } | undefined
  sampleFailed: boolean
  /** The journey goes by these events: what is done after the first of them is asked for. */
  onNeed: (asked: { after: string; events: string[] }) => void
  onSample: () => void
}

/** More of one event than this makes no difference to any condition that people write. */
const mostPast = 30

/** What a sampled customer did before: as often as it was counted, evenly between the first and the last time. */
export function personOf({ attributes, digest }: SampledCustomer, startAt: EpochMs): AudiencePerson {
  const past = Object.entries(digest).flatMap(([name, { count, firstAt, lastAt }]): EventFact[] => {
    const first = Math.min(firstAt, startAt)
    const last = Math.min(lastAt, startAt)
    const times = Math.min(count, mostPast)
    return Array.from({ length: times }, (_, index) => ({
      name,
      at: Math.round(times === 1 ? last : first + ((last - first) * index) / (times - 1)),
      properties: {},
      messageId: `past-${name}-${index}`,
    }))
  })
  return { attributes, past: past.sort((a, b) => a.at - b.at) }
}

/** The middle of a chance's delays. */
export const medianMs = ({ delaysMs }: Chance): number =>
  delaysMs[Math.floor(delaysMs.length / 2)] ?? ordinary.reactions.opened.delaysMs[5] ?? 0

/** The same spread of delays, made shorter or longer so that its middle is another. */
export function withMedian(chance: Chance, wantedMs: number): Chance {
  const middle = medianMs(chance)
  const delaysMs =
    middle <= 0
      ? chance.delaysMs.map(() => wantedMs)
      : chance.delaysMs.map(delay => Math.round((delay / middle) * wantedMs))
  return { ...chance, delaysMs }
}
