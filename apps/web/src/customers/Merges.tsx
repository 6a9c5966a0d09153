import { useTranslation } from "react-i18next"
import type { Outputs } from "../app/api.ts"
import { Instant } from "../ui/Instant.tsx"
import { Panel } from "../ui/Panel.tsx"
import classes from "./Identities.module.css"
import { useIdentityName } from "./identity-name.ts"

/** Other profiles that an event named together with this one, and what became of it. Nothing where there are none. */
export function Merges({ merges }: { merges: Outputs["customers"]["get"]["merges"] }) {
  const { t } = useTranslation("customers")
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
            <span>{t(`merges.states.${state}`)}</span> <code className={classes.value}>{other}</code>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
