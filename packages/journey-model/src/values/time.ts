/** Milliseconds since 1970-01-01T00:00:00Z. The engine counts in these; documents and APIs hold RFC 3339 text. */
export type EpochMs = number
