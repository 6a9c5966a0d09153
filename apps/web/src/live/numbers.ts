import { createContext, useContext } from "react"

export const messageStates = [
  "queued",
  "sent",
  "opened",
  "clicked",
  "bounced",
  "unsubscribed",
  "refused",
] as const
export type MessageState = (typeof messageStates)[number]

/** A number of the live view that was asked to open: of one node, or of the whole journey where `node` is absent. */
export type NumberAsked = { node?: string } & (
  | { kind: "entered" | "inside" | "failed" }
  | { kind: "outcome"; node: string; outcome: string }
  | { kind: "ended"; reason?: string }
  | { kind: "messages"; node: string; state: MessageState }
)

/** Whose numbers are shown: of all versions together, or of one. */
export type VersionChoice = "all" | number

/** What the live view needs besides the numbers themselves. */
export type Numbers = {
  version: VersionChoice
  setVersion: (version: VersionChoice) => void
  /** Opens the list of the customers behind a number. */
  open: (asked: NumberAsked) => void
}

export const NumbersContext = createContext<Numbers>({
  version: "all",
  setVersion: () => undefined,
  open: () => undefined,
})

export const useNumbers = (): Numbers => useContext(NumbersContext)

export const sumOf = (counts: { readonly [name: string]: number }): number =>
  Object.values(counts).reduce((total, count) => total + count, 0)
