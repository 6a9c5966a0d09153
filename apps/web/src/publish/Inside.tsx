import { useQuery } from "@tanstack/react-query"
import type { Journey } from "@viaggio/journey-model"
import { useTranslation } from "react-i18next"
import { useApi } from "../app/api.ts"
import { useFormat } from "../app/format.ts"
import { useNodeWords } from "../node-types/words.ts"
import { Panel } from "../ui/Panel.tsx"
import classes from "./publish.module.css"

const freshMs = 5_000

/** The numbers of a published journey, over all its versions; undefined while they come, or while there are none. */
export function useInside(key: string, isPublished: boolean) {
  const api = useApi()
  const options = { enabled: isPublished, refetchInterval: freshMs }
  return useQuery(api.journeys.stats.queryOptions({ key, version: "all" }, options)).data
}

/** How many stand at each step now, and what a publish does with them; the lines add up to the whole. */
export function Inside(props: {
  stats: NonNullable<ReturnType<typeof useInside>>
  before: Journey | undefined
  after: Journey
}) {
  const { t } = useTranslation("publish")
  const format = useFormat()
  const words = useNodeWords()
  const known = new Map([...(props.before?.nodes ?? []), ...props.after.nodes].map(node => [node.id, node]))
  const staying = new Set(props.after.nodes.map(({ id }) => id))
  const busy = Object.entries(props.stats.nodes)
    .map(([id, { inside }]) => ({ id, inside }))
    .filter(({ inside }) => inside > 0)
    .sort((a, b) => b.inside - a.inside)
  const { inside } = props.stats.totals
  return (
    <Panel title={t("inside.title")} text={t(inside > 0 ? "inside.stay" : "inside.none")}>
      {busy.length > 0 && (
        <table className={`${classes.inside} numbers`} data-inside={inside}>
          <tbody>
            {busy.map(({ id, inside: count }) => {
              const node = known.get(id)
              return (
                <tr key={id} data-inside-node={id}>
                  <td>
                    {node ? words.nodeName(node) : id}
                    {!staying.has(id) && <span className={classes.gone}>{t("inside.gone")}</span>}
                  </td>
                  <td>{format.number(count)}</td>
                </tr>
              )
            })}
          </tbody>
          <tfoot>
            <tr>
              <td>{t("inside.sum")}</td>
              <td>{format.number(inside)}</td>
            </tr>
          </tfoot>
        </table>
      )}
    </Panel>
  )
}
