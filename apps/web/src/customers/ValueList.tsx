import { useTranslation } from "react-i18next"
import { showValue, typeOfValue } from "./json-value.ts"
import classes from "./ValueList.module.css"

/** Names and values, each with its type; values with parts are laid out as JSON. */
export function ValueList({ values }: { values: Record<string, unknown> }) {
  const { t } = useTranslation("customers")
  return (
    <dl className={classes.root}>
      {Object.entries(values).map(([name, value]) => {
        const type = typeOfValue(value)
        return (
          <div key={name} className={classes.line}>
            <dt>
              <span className={classes.name}>{name}</span>
              <span className={classes.type}>{t(`types.${type}`)}</span>
            </dt>
            <dd className={classes.value} data-type={type}>
              {showValue(value)}
            </dd>
          </div>
        )
      })}
    </dl>
  )
}
