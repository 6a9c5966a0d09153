import { Popover, UnstyledButton } from "@mantine/core"
import { useQuery } from "@tanstack/react-query"
import type { JourneyNode } from "@viaggio/journey-model"
import { useMemo } from "react"
import { useTranslation } from "react-i18next"
import { useApi } from "../app/api.ts"
import { graphOf } from "../editor/graph/graph-index.ts"
import { useSessionState } from "../editor/session/session-context.ts"
import { useNodeWords } from "../node-types/words.ts"
import classes from "./live.module.css"
import { useLiveState } from "./live-context.ts"
import { NodeResults } from "./NodeResults.tsx"

/** Steps of published versions that the draft no longer has: their numbers would be nowhere else. */
export function GoneNodes({ journey, published }: { journey: string; published: number | null }) {
  const { t } = useTranslation("live")
  const drawn = useSessionState(state => graphOf(state.history.journey).nodes)
  const ids = useLiveState(({ stats }) =>
    Object.entries(stats?.nodes ?? {})
      .filter(([id, { entered }]) => entered > 0 && !drawn.has(id))
      .map(([id]) => id)
      .join("\n"),
  )
  const gone = ids === "" ? [] : ids.split("\n")
  if (gone.length === 0) return null
  return (
    <Popover position="bottom" withArrow shadow="md">
      <Popover.Target>
        <UnstyledButton className={classes.number} data-gone>
          {t("gone.count", { count: gone.length })}
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown>
        <p className={classes.goneText}>{t("gone.text")}</p>
        <GoneList ids={gone} journey={journey} published={published} />
      </Popover.Dropdown>
    </Popover>
  )
}

function GoneList(props: { ids: readonly string[]; journey: string; published: number | null }) {
  const words = useNodeWords()
  const api = useApi()
  const version = useQuery(
    api.journeys.version.queryOptions(
      { key: props.journey, number: props.published ?? 1 },
      { enabled: props.published !== null, staleTime: Number.POSITIVE_INFINITY },
    ),
  )
  const known = useMemo(() => {
    const document = version.data?.document as { nodes: JourneyNode[] } | undefined
    return new Map(document?.nodes.map(node => [node.id, node]))
  }, [version.data])
  return (
    <ul className={classes.gone} data-gone-nodes>
      {props.ids.map(id => {
        const node = known.get(id)
        return (
          <li key={id}>
            <b>{node ? words.nodeName(node) : id}</b>
            <NodeResults
              node={id}
              outcomeName={outcome => (node ? words.outcomeName(node, outcome) : words.outcomeWord(outcome))}
            />
          </li>
        )
      })}
    </ul>
  )
}
