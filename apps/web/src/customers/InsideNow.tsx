import { Text } from "@mantine/core"
import { Link } from "@tanstack/react-router"
import { useTranslation } from "react-i18next"
import type { Outputs } from "../app/api.ts"
import { useWorkspace } from "../app/workspace.ts"
import { useJourneyName } from "../journeys/names.ts"
import { useNodeWords } from "../node-types/words.ts"
import { Instant } from "../ui/Instant.tsx"
import { Panel } from "../ui/Panel.tsx"
import table from "../ui/table.module.css"
import classes from "./InsideNow.module.css"

/** The journeys in which the customer stands now, at which node, and since when. */
export function InsideNow({ inside }: { inside: Outputs["customers"]["get"]["inside"] }) {
  const { t } = useTranslation("customers")
  const { id: workspace } = useWorkspace()
  const nameOf = useJourneyName()
  const words = useNodeWords()
  return (
    <Panel title={t("inside.title")}>
      {inside.length === 0 ? (
        <Text c="dimmed" size="sm">
          {t("inside.none")}
        </Text>
      ) : (
        <ul className={classes.root}>
          {inside.map(each => (
            <li key={`${each.journey} ${each.node} ${each.since}`}>
              <Link
                to="/w/$workspace/journeys/$key"
                params={{ workspace, key: each.journey }}
                className={table.name}
              >
                {nameOf(each.journey)}
              </Link>
              <span className={classes.where}>
                {t("inside.at", { node: words.placeName(each), version: each.version })}{" "}
                <Instant at={each.since} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  )
}
