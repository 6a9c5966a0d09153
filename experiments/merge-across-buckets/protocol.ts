/**
 * The protocol's choices as switches, so that a reading of the text or a planted fault is one changed word.
 * What each fault does to a run is in faults.ts.
 */
export type Protocol = {
  /** Where two requests about the same person are put in order. */
  decision: "in-batches" | "in-slots"
  /** In batches: whether the rule on two user ids is asked again, without a lock, when the loser is taken. */
  judgedAgain: boolean
  /** In slots: whether the door writes to the log of whom the identifier names, or of whom that one became. */
  appendsTo: "named" | "end"
  /** In slots: whether the door holds the alias row of a person to whom it links a user id. */
  linksUnderLock: boolean
  /** In batches: what the loser's batch does with a request when the loser is a tombstone already. */
  secondRequest: "re-addressed" | "overwrites" | "ignored"
  survivor: "lower-id" | "first-named"
  tombstone: "forwards" | "drops" | "folds"
  /** `mark`: the receiver keeps the last number of each sender; `id`: it keeps the ids themselves. */
  mail: { order: "by-number" | "any"; knownBy: "id" | "mark" | "nothing" }
  /** Whether the commit of a batch checks owner and epoch. */
  fenced: boolean
  /** `again`: what a tombstone still has to forward lets its identities be looked through once more. */
  repoint: { after: "landed" | "taken"; again: boolean }
  /** What a copy of an event is recognised by. */
  seenBy: "message" | "message-and-profile"
  /** `by-origin`: a register for each profile that stated something; `one-value`: most restrictive at landing. */
  consent: "by-origin" | "one-value"
  /** Whose counter an enrollment inside a parcel is part of. */
  inTransit: "counted-by-sender" | "counted-by-nobody"
  /** Which enrollment of the same journey ends as `merged`. */
  landing: { keeps: "first-entered" | "survivors"; unitesHistory: boolean }
}

/** The text of ENGINE.md 3 with its gaps filled in the narrowest way. */
export const NARROW: Protocol = {
  decision: "in-batches",
  judgedAgain: false,
  appendsTo: "named",
  linksUnderLock: true,
  secondRequest: "re-addressed",
  survivor: "lower-id",
  tombstone: "forwards",
  mail: { order: "by-number", knownBy: "id" },
  fenced: true,
  repoint: { after: "landed", again: false },
  seenBy: "message",
  consent: "by-origin",
  inTransit: "counted-by-sender",
  landing: { keeps: "first-entered", unitesHistory: true },
}

/** What we propose to build: who merges with whom is agreed in the slots before any data moves. */
export const PROPOSED: Protocol = {
  ...NARROW,
  decision: "in-slots",
  mail: { order: "by-number", knownBy: "mark" },
  repoint: { after: "landed", again: true },
}
