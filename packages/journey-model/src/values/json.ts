/** Any JSON value. `null` occurs only in data that customers send, never in a journey document. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json }

/** A JSON object, e.g. the properties of an event or the attributes of a profile. */
export type JsonObject = { [key: string]: Json }

/** A value that stands alone in a comparison. */
export type Scalar = string | number | boolean
