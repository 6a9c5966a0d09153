/** What a person may do in a workspace; each role includes those before it. */
export const Role = { viewer: "viewer", editor: "editor", owner: "owner" } as const
export type Role = (typeof Role)[keyof typeof Role]

const ranks: Record<Role, number> = { viewer: 0, editor: 1, owner: 2 }

/** Whether `role` includes all that `needed` may do. */
export const includesRole = (role: Role, needed: Role): boolean => ranks[role] >= ranks[needed]
