/** How long a bucket stays its worker's without a word from it. */
export const LEASE_SECONDS = 12
