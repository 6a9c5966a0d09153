import { useTranslation } from "react-i18next"
import type { Outputs } from "../app/api.ts"
import { useWorkspace } from "../app/workspace.ts"
import { Instant } from "../ui/Instant.tsx"
import { TextLink } from "../ui/links.tsx"
import { Panel } from "../ui/Panel.tsx"
import classes from "./Identities.module.css"
import { useIdentityName } from "./identity-name.ts"

/** Other profiles that an event named together with this one, and what became of it. Nothing where there are none. */
export function Merges({ merges }: { merges: Outputs["customers"]["get"]["merges"] }) {
  const { t } = useTranslation("customers")
  const { id: workspace } = useWorkspace()
  const nameOf = useIdentityName()
  if (merges.length === 0) return null
  return (
    <Panel title={t("merges.title")}>
      <ul className={classes.root}>
        {merges.map(({ other, state, because, at }) => (
          <li key={other}>
            <span className={classes.kind}>
              {t("merges.because", { identity: nameOf(because) })}{" "}
              <Instant at={at} show="relative" clock="real" />
            </span>
            <span>{t(`merges.states.${state}`)}</span>{" "}
            {state === "merged" ? (
              <code className={classes.value}>{other}</code>
            ) : (
              // Still a customer of its own, so there is something to look at.
              <TextLink
                to="/w/$workspace/customers/$id"
                params={{ workspace, id: other }}
                className={classes.value ?? ""}
              >
                {other}
              </TextLink>
            )}
          </li>
        ))}
      </ul>
    </Panel>
  )
}
