import { problemCatalogue, problemWords } from "./problem-catalogue.ts"

const comparisons = [
  "equals",
  "contains",
  "starts-with",
  "ends-with",
  "greater",
  "at-least",
  "less",
  "at-most",
  "before",
  "after",
  "includes",
  "one-of",
]
const spans = ["within-last", "within-next"]
const nodeTypeSlugs = [
  "event-entry",
  "delay",
  "wait-for-event",
  "split",
  "random-split",
  "email",
  "webhook",
  "update-profile",
  "exit",
]

const each = (ids: readonly string[], values: readonly string[]): { [id: string]: readonly string[] } =>
  Object.fromEntries(ids.map(id => [id, values]))

const valuesOfProblem = (text: string): string[] => [
  ...new Set([...text.matchAll(/\{(\w+)\}/g)].map(match => match[1] as string)),
]

const problems = Object.fromEntries(
  Object.entries(problemCatalogue).map(([id, [, text]]) => [id, valuesOfProblem(text)]),
)

/**
 * Every sentence that the model can say, by id, with the names of its values: what the message catalogues of
 * the screens must hold. Values are text, numbers, lists, or sentences again; a duration is always the sentence
 * `duration`. Problems stand here under their own ids.
 */
export const sentenceIds: { readonly [id: string]: readonly string[] } = {
  ...problems,
  ...each(Object.keys(problemWords), []),
  duration: ["iso"],
  ...each(
    nodeTypeSlugs.map(slug => `type.${slug}`),
    [],
  ),

  "node.invalid": [],
  "node.unsupported": ["type"],
  "node.event-entry": ["event", "which"],
  "node.event-entry.audience": ["event", "which", "audience"],
  "node.event-entry.empty": [],
  "node.delay": ["duration"],
  "node.wait-for-event": ["events", "which", "duration"],
  "node.wait-for-event.never": ["events", "which"],
  "node.wait-for-event.empty": [],
  "node.split": ["branches"],
  "node.split.one": ["condition"],
  "node.split.empty": [],
  "node.random-split": ["shares"],
  "node.random-split.empty": [],
  share: ["branch", "percent"],
  "node.email": ["subject"],
  "node.email.empty": [],
  "node.webhook": ["host"],
  "node.webhook.save": ["host", "names"],
  "node.webhook.empty": [],
  "node.update-profile": ["set"],
  "node.update-profile.unset": ["unset"],
  "node.update-profile.both": ["set", "unset"],
  "node.update-profile.empty": [],
  "node.exit": ["reason"],

  "which.any": [],
  "which.where": ["where"],
  "period.ever": [],
  "period.since-entry": [],
  "period.within": ["duration"],
  "subject.profile": ["path"],
  "subject.entry": ["path"],
  "subject.context": ["path"],
  "subject.property": ["path"],
  "subject.ref": ["ref"],
  "subject.first-time": ["event"],
  "subject.last-time": ["event"],
  "condition.always": [],
  "condition.never": [],
  "condition.all": ["parts"],
  "condition.any": ["parts"],
  "condition.not": ["part"],
  "count.never": ["event", "period", "which"],
  "count.at-least": ["event", "period", "which", "atLeast"],
  "count.at-most": ["event", "period", "which", "atMost"],
  "count.exactly": ["event", "period", "which", "count"],
  "count.between": ["event", "period", "which", "atLeast", "atMost"],
  ...each(["compare.exists", "compare.missing"], ["subject"]),
  ...each(
    comparisons.flatMap(is => [`compare.${is}`, `compare.not.${is}`]),
    ["subject", "value"],
  ),
  ...each(
    spans.flatMap(is => [`compare.${is}`, `compare.not.${is}`]),
    ["subject", "duration"],
  ),

  "edit.node-exists": ["id"],
  "edit.node-missing": ["id"],
  "edit.node-connected": ["id"],
  "edit.edge-missing": ["from", "outcome"],
  "edit.outcome-connected": ["from", "outcome"],
  "edit.index-out-of-range": [],
  "edit.type-unknown": ["type"],
  "edit.nothing": [],
  "edit.tidy-already": [],
  "edit.entry-stays": [],

  "change.insert": ["type"],
  "change.add": ["type"],
  "change.delete": ["count"],
  "change.delete-one": ["node"],
  "change.cut": ["count"],
  "change.cut-one": ["node"],
  "change.connect": ["from", "to"],
  "change.disconnect": ["from", "to"],
  "change.configure": ["node"],
  "change.rename": ["node"],
  "change.move": ["count"],
  "change.move-one": ["node"],
  "change.tidy": [],
  "change.paste": ["count"],
  "change.duplicate": ["count"],
  "change.fix": ["fix"],
  "change.settings": [],

  "fix.insert-wait": [],
  "fix.add-exit": [],
  "fix.disconnect": [],
  "fix.time-limit": [],
  "fix.since-arrival": [],
  "fix.add-unsubscribe": [],
  "fix.remove-branch": [],
  "fix.even-shares": [],
  "fix.use-name": ["meant"],
}
