import type { Condition } from "../conditions/condition.ts"
import { layoutJourney } from "../edit/layout.ts"
import type { Journey, JourneyEdge, JourneyNode, Reentry } from "../journey/document.ts"
import { type ConfigOf, type NodeType, nodeTypes } from "../node-types/registry.ts"
import { slugId } from "../values/ids.ts"
import type { Knowledge } from "../values/known.ts"
import { type Letter, letter, type TemplateLanguage } from "./letter.ts"

/** What a workspace must send so that the template does what it says: names, and the types of what is read. */
export type TemplateNeeds = Required<Knowledge>

/** One template: its journey in a language, and what it needs. */
export type Template = { journey: (language: TemplateLanguage) => Journey; needs: TemplateNeeds }

/** Both languages of one thing that is said. */
type Said = { [Language in TemplateLanguage]: string }

type Named = { id: string; name: Said }

/** The words of one e-mail in one language. */
type Mail = Letter & { subject: string; preheader: string }

type Built = (language: TemplateLanguage) => JourneyNode

const node =
  <Type extends NodeType>(
    type: Type,
    { id, name }: Named,
    config: ConfigOf<Type> | ((language: TemplateLanguage) => ConfigOf<Type>),
  ): Built =>
  language => ({
    id,
    type,
    version: nodeTypes[type].version,
    name: name[language],
    config: typeof config === "function" ? config(language) : config,
  })

export const entry = (name: Said, config: ConfigOf<"event-entry">): Built =>
  node("event-entry", { id: "start", name }, config)

export const delay = (named: Named, duration: string): Built => node("delay", named, { for: duration })

/** Waits for one event: `branch` when it comes, `timeout` otherwise. */
export const wait = (
  named: Named,
  {
    event,
    branch,
    timeout,
    since = "arrival",
  }: { event: string; branch: Named; timeout: string; since?: "arrival" | "entry" },
): Built =>
  node("wait-for-event", named, language => ({
    branches: [{ id: branch.id, name: branch.name[language], event }],
    timeout,
    since,
  }))

export const split = (named: Named, branch: Named, when: Condition): Built =>
  node("split", named, language => ({
    branches: [{ id: branch.id, name: branch.name[language], when }],
  }))

export const mail = (named: Named, words: { [Language in TemplateLanguage]: Mail }): Built =>
  node("email", named, language => {
    const { subject, preheader, ...said } = words[language]
    return {
      purpose: "marketing",
      subject,
      preheader,
      html: letter(language, said),
      tracking: { opens: true, clicks: true },
    }
  })

export const exit = (named: Named, reason: string): Built => node("exit", named, { reason })

/**
 * Puts nodes together. `paths`: "start > mail > wait.ordered > bought" leads from each to the next by its ordinary way
 * out, or by the one that is named behind a dot.
 */
export const build =
  (
    about: { name: Said; description: Said; reentry: Reentry },
    nodes: readonly Built[],
    paths: readonly string[],
  ): Template["journey"] =>
  language => {
    const name = about.name[language]
    const journey: Journey = {
      format: 1,
      key: slugId(name),
      name,
      description: about.description[language],
      settings: { reentry: about.reentry },
      nodes: nodes.map(built => built(language)),
      edges: paths.flatMap(edgesOf),
    }
    return { ...journey, layout: layoutJourney(journey) }
  }

const edgesOf = (path: string): JourneyEdge[] => {
  const stops = path.split(" > ").map(stop => stop.split("."))
  return stops.slice(1).map(([to = ""], index) => {
    const [from = "", outcome = "next"] = stops[index] ?? []
    return { from, outcome, to }
  })
}

/** A customer who can be written to. */
export const hasAddress: Condition = { kind: "profile", path: "email", is: "exists" }
