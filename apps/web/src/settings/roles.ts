import type { Role } from "../app/role.ts"

/** From the least to the most. */
export const roles = ["viewer", "editor", "owner"] as const satisfies Role[]
