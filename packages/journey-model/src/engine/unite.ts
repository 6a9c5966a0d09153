import { unsubscribedAttribute } from "../node-types/email/decide.ts"
import type { Json, JsonObject } from "../values/json.ts"
import type { EpochMs } from "../values/time.ts"

/** Attributes, and when each of them was said; a name with a time and no value was removed then. */
export type StatedValues = { attributes: JsonObject; valueTimes: { [attribute: string]: EpochMs } }

/**
 * The values of two profiles that are one person: of each attribute what was said later, and of two things said at
 * one instant the one whose JSON is greater, so that no order of merging matters. Who unsubscribed under either
 * profile stays so until something newer than both says otherwise.
 */
export function uniteValues(a: StatedValues, b: StatedValues): StatedValues {
  const attributes: JsonObject = {}
  const times: [string, EpochMs][] = []
  for (const name of new Set([...namesOf(a), ...namesOf(b)])) {
    const [one, other] = [statedBy(a, name), statedBy(b, name)]
    const wins = isLater(one, other) ? one : other
    const at = Math.max(one.at, other.at)
    const withdrawn = name === unsubscribedAttribute && (one.value === true || other.value === true)
    const value = withdrawn ? true : wins.value
    if (value !== undefined) attributes[name] = value
    if (at > Number.NEGATIVE_INFINITY) times.push([name, at])
  }
  // Not beside the values, for the reason that `CustomerDraft.takeTraits` gives.
  return { attributes, valueTimes: Object.fromEntries(times) }
}

const namesOf = ({ attributes, valueTimes }: StatedValues): string[] => [
  ...Object.keys(attributes),
  ...Object.keys(valueTimes),
]

type Stated = { at: EpochMs; value: Json | undefined }

const statedBy = ({ attributes, valueTimes }: StatedValues, name: string): Stated => ({
  at: Object.hasOwn(valueTimes, name) ? (valueTimes[name] as EpochMs) : Number.NEGATIVE_INFINITY,
  value: Object.hasOwn(attributes, name) ? attributes[name] : undefined,
})

const isLater = (a: Stated, b: Stated): boolean =>
  a.at === b.at ? (JSON.stringify(a.value) ?? "") > (JSON.stringify(b.value) ?? "") : a.at > b.at
