import { useTranslation } from "react-i18next"
import { Panel } from "../ui/Panel.tsx"
import classes from "./Identities.module.css"
import { useIdentityName } from "./identity-name.ts"

/** The keys by which events find this customer. */
export function Identities({ identities }: { identities: { kind: string; value: string }[] }) {
  const { t } = useTranslation("customers")
  const nameOf = useIdentityName()
  return (
    <Panel title={t("identities.title")}>
      <ul className={classes.root}>
        {identities.map(({ kind, value }) => (
          <li key={`${kind} ${value}`}>
            <span className={classes.kind}>{nameOf(kind)}</span>
            <code className={classes.value}>{value}</code>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
