import { UnstyledButton } from "@mantine/core"
import { type ReactNode, useState } from "react"
import { useTranslation } from "react-i18next"
import { showValue, typeOfValue } from "./json-value.ts"
import classes from "./ValueList.module.css"

/** Names and values, each with its type; values with parts are laid out as JSON. `noteOf`: a line under the value. */
export function ValueList(props: { values: Record<string, unknown>; noteOf?: (name: string) => ReactNode }) {
  const { t } = useTranslation("customers")
  return (
    <dl className={classes.root}>
      {Object.entries(props.values).map(([name, value]) => {
        const type = typeOfValue(value)
        return (
          <div key={name} className={classes.line}>
            <dt>
              <span className={classes.name}>{name}</span>
              <span className={classes.type}>{t(`types.${type}`)}</span>
            </dt>
            <dd className={classes.value} data-type={type}>
              <LongText text={showValue(value)} />
              {props.noteOf && <div className={classes.note}>{props.noteOf(name)}</div>}
            </dd>
          </div>
        )
      })}
    </dl>
  )
}

/** Characters of a value that are shown at once. */
const shownAtOnce = 300

/** A text of which the rest is shown on demand, so that one long value does not push away all the others. */
function LongText({ text }: { text: string }) {
  const { t } = useTranslation("customers")
  const [whole, setWhole] = useState(false)
  if (text.length <= shownAtOnce) return text
  return (
    <>
      {whole ? text : `${text.slice(0, shownAtOnce)}…`}{" "}
      <UnstyledButton className={classes.more} aria-expanded={whole} onClick={() => setWhole(!whole)}>
        {t(whole ? "less" : "more", { count: text.length })}
      </UnstyledButton>
    </>
  )
}
