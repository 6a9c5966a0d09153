import { IdentityKind } from "./message.ts"

/**
 * How a kind of identifier links people, by workspace. `joins`: two profiles that an event names by it become one.
 * `most`: so many values of the kind one person may have; one more is refused and the event goes to the person anyway.
 */
export type LinkingRule = { joins: boolean; most: number }
export type LinkingRules = { readonly [kind: number]: LinkingRule; readonly blocked: ReadonlySet<string> }

const usual: { [K in IdentityKind]: LinkingRule } = {
  user_id: { joins: true, most: 20 },
  loyalty_card: { joins: true, most: 20 },
  email: { joins: true, most: 20 },
  phone: { joins: true, most: 20 },
  anonymous_id: { joins: true, most: 500 },
}

/** What a workspace says of its identities in `settings.identities`; every part may be missing. */
export type LinkingSettings = {
  kinds?: { [K in IdentityKind]?: Partial<LinkingRule> }
  /** Values that name nobody here, in lower case: a till's test card, the shop's own number. */
  blocked?: string[]
}

/** The rule of every kind, what the workspace leaves unsaid filled in. */
export const linkingKinds = (
  settings: LinkingSettings | undefined,
): { [K in IdentityKind]: LinkingRule } => ({
  user_id: { ...usual.user_id, ...settings?.kinds?.user_id },
  loyalty_card: { ...usual.loyalty_card, ...settings?.kinds?.loyalty_card },
  email: { ...usual.email, ...settings?.kinds?.email },
  phone: { ...usual.phone, ...settings?.kinds?.phone },
  anonymous_id: { ...usual.anonymous_id, ...settings?.kinds?.anonymous_id },
})

export const linkingRules = (settings: LinkingSettings | undefined): LinkingRules => ({
  ...Object.fromEntries(
    Object.entries(linkingKinds(settings)).map(([kind, rule]) => [IdentityKind[kind as IdentityKind], rule]),
  ),
  blocked: new Set(settings?.blocked),
})

export const usualRules: LinkingRules = linkingRules(undefined)
