import { UnstyledButton } from "@mantine/core"
import type { Problem, Severity } from "@viaggio/journey-model"
import { useTranslation } from "react-i18next"
import { useNodeWords } from "../../node-types/words.ts"
import { graphOf } from "../graph/graph-index.ts"
import { useSession, useSessionState } from "../session/session-context.ts"
import { ProblemIcon } from "./ProblemIcon.tsx"
import classes from "./problems.module.css"
import { useProblemSay } from "./use-problem-say.ts"

const severities: readonly Severity[] = ["error", "warning", "hint"]

/** Problems by severity and node; a click selects the node, brings it into view and goes to the field. */
export function ProblemList(props: { problems: readonly Problem[]; onChosen?: () => void }) {
  const { t } = useTranslation("editor")
  const session = useSession()
  const sayProblem = useProblemSay()
  const words = useNodeWords()
  const graph = useSessionState(state => graphOf(state.history.journey))
  if (props.problems.length === 0) return <p className={classes.none}>{t("problems.none")}</p>
  return (
    <>
      {severities.map(severity => {
        const shown = props.problems.filter(problem => problem.severity === severity)
        if (shown.length === 0) return null
        return (
          <section key={severity} aria-label={t(`problems.${severity}`, { count: shown.length })}>
            <h3 className={classes.heading} data-severity={severity}>
              <ProblemIcon severity={severity} />
              {t(`problems.${severity}`, { count: shown.length })}
            </h3>
            <ul className={classes.list}>
              {groupByNode(shown).map((problem, index, ordered) => {
                const node = problem.node === undefined ? undefined : graph.nodes.get(problem.node)
                const isFirst = problem.node !== ordered[index - 1]?.node
                return (
                  <li
                    key={`${problem.id} ${problem.node ?? ""} ${problem.at ?? ""} ${problem.outcome ?? ""}`}
                  >
                    <UnstyledButton
                      className={classes.problem}
                      data-problem={problem.id}
                      onClick={() => {
                        if (node) session.focusOn({ node: node.id, at: problem.at ?? "first" })
                        else session.select({ nodes: [] })
                        session.show("inspector", true)
                        props.onChosen?.()
                      }}
                    >
                      {node && (
                        <b className={isFirst ? classes.node : "visually-hidden"}>{words.nodeName(node)}: </b>
                      )}
                      {sayProblem(problem)}
                    </UnstyledButton>
                  </li>
                )
              })}
            </ul>
          </section>
        )
      })}
    </>
  )
}

/** The same problems, those of one node together, in the order in which the nodes come up. */
function groupByNode(problems: readonly Problem[]): Problem[] {
  const groups = new Map<string | undefined, Problem[]>()
  for (const problem of problems) groups.set(problem.node, [...(groups.get(problem.node) ?? []), problem])
  return [...groups.values()].flat()
}
