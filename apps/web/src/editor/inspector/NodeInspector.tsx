import { TextInput } from "@mantine/core"
import { describeNode, type JourneyNode, nodeTypeOf, type Problem } from "@viaggio/journey-model"
import { useTranslation } from "react-i18next"
import { useSentence } from "../../app/sentence.ts"
import { NodeResults } from "../../live/NodeResults.tsx"
import { formOf } from "../../node-types/forms.ts"
import { familyOf, iconOf } from "../../node-types/registry.ts"
import { sayTemplates, useNodeWords } from "../../node-types/words.ts"
import { graphOf } from "../graph/graph-index.ts"
import { ProblemIcon } from "../problems/ProblemIcon.tsx"
import { useProblemSay } from "../problems/use-problem-say.ts"
import { renameNode, replaceConfig } from "../session/commands.ts"
import { useSession, useSessionState } from "../session/session-context.ts"
import classes from "./inspector.module.css"
import { RemoveButton } from "./RemoveButton.tsx"

const none: readonly Problem[] = []

/** One node: its sentence, its name and the form of its type. */
export function NodeInspector({ id }: { id: string }) {
  const { t } = useTranslation("editor")
  const session = useSession()
  const say = useSentence()
  const sayProblem = useProblemSay()
  const words = useNodeWords()
  const node = useSessionState(state => graphOf(state.history.journey).nodes.get(id))
  const problems = useSessionState(state => state.problemsByNode.get(id)) ?? none
  if (!node) return null
  const Icon = iconOf(node.type)
  return (
    <div
      style={{
        display: "contents",
        ["--family" as string]: `var(--family-${familyOf(node.type)})`,
        ["--family-soft" as string]: `var(--family-${familyOf(node.type)}-soft)`,
      }}
    >
      <h2 className={classes.title}>
        <span className={classes.icon} aria-hidden>
          <Icon size={18} stroke={1.8} />
        </span>
        {words.typeName(node.type)}
      </h2>
      <p className={classes.sentence} data-sentence>
        {sayTemplates(say(describeNode(node)))}
      </p>
      {problems.length > 0 && (
        <ul className={classes.problems}>
          {problems.map(problem => (
            <li
              key={`${problem.id} ${problem.at ?? ""} ${problem.outcome ?? ""}`}
              className={classes.problem}
              data-severity={problem.severity}
            >
              <ProblemIcon severity={problem.severity} />
              {sayProblem(problem)}
            </li>
          ))}
        </ul>
      )}
      <NodeResults node={id} outcomeName={outcome => words.outcomeName(node, outcome)} />
      <TextInput
        size="xs"
        label={t("inspector.name")}
        placeholder={words.typeName(node.type)}
        value={node.name ?? ""}
        data-at="name"
        maxLength={120}
        onChange={event => renameNode(session, id, event.currentTarget.value)}
      />
      <div data-form>
        <Form node={node} problems={problems} />
      </div>
      {node.type !== "event-entry" && <RemoveButton label={t("inspector.remove")} heal />}
      <div className={classes.id}>{t("inspector.id", { id })}</div>
    </div>
  )
}

/** The form of the node's type, over its configuration as the definition reads it. */
function Form({ node, problems }: { node: JourneyNode; problems: readonly Problem[] }) {
  const { t } = useTranslation("editor")
  const session = useSession()
  const FaceForm = formOf(node.type)
  const config = nodeTypeOf(node.type)?.schema.safeParse(node.config)
  // A configuration that a file brought and nobody can read is kept as it is and shown as it is.
  if (!FaceForm || !config?.success)
    return (
      <>
        <p>{t("inspector.unreadable")}</p>
        <pre style={{ fontSize: 11, whiteSpace: "pre-wrap" }}>{JSON.stringify(node.config, null, 2)}</pre>
      </>
    )
  return (
    <FaceForm
      id={node.id}
      config={config.data as never}
      problems={problems}
      onChange={(next, field) => replaceConfig(session, node.id, next, field)}
    />
  )
}
