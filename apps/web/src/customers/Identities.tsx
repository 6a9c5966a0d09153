import { useTranslation } from "react-i18next"
import { Panel } from "../ui/Panel.tsx"
import classes from "./Identities.module.css"

const known = ["userId", "anonymousId", "email", "phone"] as const

/** The keys by which events find this customer. */
export function Identities({ identities }: { identities: { kind: string; value: string }[] }) {
  const { t } = useTranslation("customers")
  const nameOf = (kind: string) => {
    const found = known.find(each => each.toLowerCase() === kind.replace("_", "").toLowerCase())
    return found ? t(`identities.kinds.${found}`) : kind
  }
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
