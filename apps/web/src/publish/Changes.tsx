import type { Journey, JourneyDiff, JourneyNode, Json } from "@viaggio/journey-model"
import { useTranslation } from "react-i18next"
import { useSentence } from "../app/sentence.ts"
import { familyOf, iconOf } from "../node-types/registry.ts"
import { sayTemplates, useNodeWords } from "../node-types/words.ts"
import { type TextChange, textChangesOf } from "./node-changes.ts"
import classes from "./publish.module.css"
import { TextDiff } from "./TextDiff.tsx"

const fields = [
  "sentence",
  "name",
  "subject",
  "preheader",
  "html",
  "text",
  "when",
  "where",
  "audience",
  "branches",
  "event",
  "timeout",
  "for",
  "since",
  "reason",
  "maxAge",
  "purpose",
  "share",
] as const

const isNamed = (field: string): field is (typeof fields)[number] =>
  (fields as readonly string[]).includes(field)

/** The list of what changed: steps with their texts, connections, settings. */
export function Changes({ diff, journey }: { diff: JourneyDiff; journey: Journey }) {
  const { t } = useTranslation("publish")
  const say = useSentence()
  const words = useNodeWords()
  const nodes = new Map(journey.nodes.map(node => [node.id, node]))
  const nameOf = (id: string | undefined) => {
    const node = id === undefined ? undefined : nodes.get(id)
    return node ? words.nodeName(node) : (id ?? "")
  }
  const outcomeOf = (id: string, outcome: string) => {
    const node = nodes.get(id)
    return node ? words.outcomeName(node, outcome) : outcome
  }
  const fieldName = ({ field, branch }: TextChange): string => {
    const name = isNamed(field) ? t(`fields.${field}`) : field
    return branch === undefined ? name : t("fields.ofBranch", { field: name, branch })
  }
  const edges = diff.edges.flatMap(edge => (edge.kind === "same" ? [] : [{ ...edge, kind: edge.kind }]))
  return (
    <div className={classes.changes}>
      {diff.nodes.map(node =>
        node.kind === "same" ? null : (
          <section key={node.id} className={classes.change} data-mark={node.kind} data-change={node.id}>
            <StepHead node={node.kind === "removed" ? node.before : node.after} kind={node.kind} />
            {node.kind === "changed" &&
              textChangesOf(node, sentence => sayTemplates(say(sentence))).map(change => (
                <div key={`${change.field} ${change.branch ?? ""}`} className={classes.field}>
                  <h4>{fieldName(change)}</h4>
                  <TextDiff before={change.before} after={change.after} />
                </div>
              ))}
          </section>
        ),
      )}
      {edges.length > 0 && (
        <section className={classes.change}>
          <h3 className={classes.stepName}>{t("changes.connections")}</h3>
          <ul className={classes.edges}>
            {edges.map(({ kind, from, outcome, before, after }) => (
              <li key={`${from} ${outcome}`} data-mark={kind}>
                {t(`changes.edge.${kind}`, {
                  from: nameOf(from),
                  outcome: outcomeOf(from, outcome),
                  before: nameOf(before),
                  after: nameOf(after),
                })}
              </li>
            ))}
          </ul>
        </section>
      )}
      {diff.journey.length > 0 && (
        <section className={classes.change}>
          <h3 className={classes.stepName}>{t("changes.settings")}</h3>
          {diff.journey.map(({ at, before, after }) => (
            <div key={at} className={classes.field}>
              <h4>{at.split("/").filter(Boolean).join(" · ")}</h4>
              <TextDiff before={valueText(before)} after={valueText(after)} />
            </div>
          ))}
        </section>
      )}
    </div>
  )
}

const valueText = (value: Json | undefined): string =>
  value === undefined ? "" : typeof value === "string" ? value : JSON.stringify(value)

function StepHead({ node, kind }: { node: JourneyNode; kind: "added" | "removed" | "changed" }) {
  const { t } = useTranslation("publish")
  const words = useNodeWords()
  const Icon = iconOf(node.type)
  return (
    <h3 className={classes.stepName}>
      <Icon size={16} stroke={1.8} color={`var(--family-${familyOf(node.type)})`} aria-hidden />
      {words.nodeName(node)}
      <span className={classes.kind} data-mark={kind}>
        {t(`changes.kind.${kind}`)}
      </span>
    </h3>
  )
}
