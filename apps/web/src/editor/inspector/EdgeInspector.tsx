import { useTranslation } from "react-i18next"
import { useNodeWords } from "../../node-types/words.ts"
import { edgeId, graphOf } from "../graph/graph-index.ts"
import { useSessionState } from "../session/session-context.ts"
import classes from "./inspector.module.css"
import { RemoveButton } from "./RemoveButton.tsx"

/** One connection: where it comes from and leads to. */
export function EdgeInspector({ id }: { id: string }) {
  const { t } = useTranslation("editor")
  const words = useNodeWords()
  const journey = useSessionState(state => state.history.journey)
  const edge = journey.edges.find(each => edgeId(each.from, each.outcome) === id)
  const graph = graphOf(journey)
  const from = edge && graph.nodes.get(edge.from)
  const to = edge && graph.nodes.get(edge.to)
  if (!edge || !from || !to) return null
  return (
    <>
      <h2 className={classes.title}>{t("inspector.connection")}</h2>
      <p className={classes.sentence}>
        {t("inspector.connects", {
          from: words.nodeName(from),
          outcome: words.outcomeName(from, edge.outcome),
          to: words.nodeName(to),
        })}
      </p>
      <RemoveButton label={t("inspector.disconnect")} heal={false} />
    </>
  )
}
