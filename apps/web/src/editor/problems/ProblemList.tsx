import { Button, UnstyledButton, VisuallyHidden } from "@mantine/core"
import { IconWand } from "@tabler/icons-react"
import { fixOf, type Problem, type Severity } from "@viaggio/journey-model"
import { useTranslation } from "react-i18next"
import { useSentence } from "../../app/sentence.ts"
import { useNodeWords } from "../../node-types/words.ts"
import { useRefusal } from "../canvas/use-refusal.ts"
import { useViewMoves } from "../canvas/use-view-moves.ts"
import { graphOf } from "../graph/graph-index.ts"
import { mend } from "../session/commands.ts"
import { useSession, useSessionState } from "../session/session-context.ts"
import { ProblemIcon } from "./ProblemIcon.tsx"
import classes from "./problems.module.css"
import { useProblemSay } from "./use-problem-say.ts"

const severities: readonly Severity[] = ["error", "warning", "hint"]

/** Problems by severity and node; a click selects the node, brings it into view and goes to the field. */
export function ProblemList(props: {
  problems: readonly Problem[]
  onChosen?: () => void
  /** Whether problems can be mended and shown from here. */
  withFixes?: boolean
}) {
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
                    className={classes.item}
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
                      {node &&
                        (isFirst ? (
                          <b className={classes.node}>{words.nodeName(node)}: </b>
                        ) : (
                          <VisuallyHidden>{words.nodeName(node)}: </VisuallyHidden>
                        ))}
                      {sayProblem(problem)}
                    </UnstyledButton>
                    {props.withFixes && <ProblemTools problem={problem} />}
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

/** The safe way out by one click, and the path that shows the problem. */
function ProblemTools({ problem }: { problem: Problem }) {
  const { t } = useTranslation("editor")
  const session = useSession()
  const say = useSentence()
  const refuse = useRefusal()
  const view = useViewMoves()
  const journey = useSessionState(state => state.history.journey)
  const path = pathOf(problem)
  const isShown = useSessionState(state => path.length > 0 && state.shownPath.join() === path.join())
  const fix = session.readOnly ? undefined : fixOf(journey, problem)
  return (
    <span className={classes.tools}>
      {path.length > 0 && (
        <Button
          size="compact-xs"
          variant={isShown ? "light" : "subtle"}
          aria-pressed={isShown}
          data-show-path
          onClick={() => {
            session.showPath(isShown ? [] : path)
            if (!isShown) void view.fitNodes(path)
          }}
        >
          {t("problems.showPath")}
        </Button>
      )}
      {fix && (
        <Button
          size="compact-xs"
          variant="default"
          leftSection={<IconWand size={13} aria-hidden />}
          data-fix={problem.id}
          onClick={() => {
            const refusal = mend(session, fix)
            if (refusal) refuse(refusal)
          }}
        >
          {say(fix.label)}
        </Button>
      )}
    </span>
  )
}

/** The counter-example that a problem brings: the steps of it, in order. */
function pathOf({ values }: Problem): readonly string[] {
  const path = values.path ?? values.way
  return Array.isArray(path) && path.length > 1 && path.every(id => typeof id === "string") ? path : []
}

/** The same problems, those of one node together, in the order in which the nodes come up. */
function groupByNode(problems: readonly Problem[]): Problem[] {
  const groups = new Map<string | undefined, Problem[]>()
  for (const problem of problems) groups.set(problem.node, [...(groups.get(problem.node) ?? []), problem])
  return [...groups.values()].flat()
}
