import type { JourneyNode } from "@viaggio/journey-model"
import { useMemo } from "react"
import { useTranslation } from "react-i18next"

/** What the server says of a node where it sends no whole document. */
export type NodeNames = { node: string; nodeType?: string; nodeName?: string }

/** The words for nodes and their outcomes in the person's language. */
export type NodeWords = {
  typeName: (type: string) => string
  /** One line on what the type is for. */
  typeAbout: (type: string) => string
  /** What a card is called: its own name, else that of its type. */
  nodeName: (node: JourneyNode) => string
  /** The same for a node that only its names are known of; an id says which one it is where nobody named it. */
  placeName: (place: NodeNames) => string
  /** An outcome of a node of which nothing is known: the word for it, else its id. */
  outcomeWord: (outcome: string) => string
  /** A branch's own name, else the word for the outcome. */
  outcomeName: (node: JourneyNode, outcome: string) => string
}

const namedTypes = [
  "event-entry",
  "delay",
  "wait-for-event",
  "split",
  "random-split",
  "email",
  "webhook",
  "update-profile",
  "exit",
] as const
const namedOutcomes = ["next", "else", "timeout", "suppressed", "succeeded", "failed"] as const

const isOneOf = <T extends string>(list: readonly T[], text: string): text is T =>
  (list as readonly string[]).includes(text)

export function useNodeWords(): NodeWords {
  const { t } = useTranslation("node-types")
  return useMemo(() => {
    const typeName = (type: string) => (isOneOf(namedTypes, type) ? t(`type.${type}`) : type)
    const outcomeWord = (outcome: string) =>
      isOneOf(namedOutcomes, outcome) ? t(`outcome.${outcome}`) : outcome
    return {
      typeName,
      typeAbout: type => (isOneOf(namedTypes, type) ? t(`about.${type}`) : ""),
      nodeName: node => node.name ?? typeName(node.type),
      placeName: ({ node, nodeType, nodeName }) =>
        nodeName ?? (nodeType ? t("unnamed", { type: typeName(nodeType), id: node }) : node),
      outcomeWord,
      outcomeName(node, outcome) {
        const branch = branchesOf(node).find(each => each.id === outcome)
        if (branch) return branch.name || branch.event || branch.id
        return outcomeWord(outcome)
      },
    }
  }, [t])
}

type NamedBranch = { id: string; name?: string; event?: string }

function branchesOf(node: JourneyNode): readonly NamedBranch[] {
  const { branches } = node.config
  return Array.isArray(branches) ? (branches as NamedBranch[]) : []
}

/** Template tags as a reader takes them: `Hi {{ profile.first_name | default: 'you' }}` → `Hi ‹first_name›`. */
export const sayTemplates = (text: string): string =>
  text.replace(/\{\{\s*([^\s|}]+)[^}]*\}\}/g, (_tag, path: string) => `‹${path.split(".").at(-1) ?? path}›`)
