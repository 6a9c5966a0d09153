/** The shipped PostgreSQL cannot be had here; the message is one sentence for the operator. */
export class PostgresUnavailable extends Error {
  override name = "PostgresUnavailable"
}

/** Way out that every such sentence ends with. */
export const elsewhere = "Set DATABASE_URL to use a PostgreSQL server of your own."
