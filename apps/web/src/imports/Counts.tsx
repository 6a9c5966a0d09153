import { useTranslation } from "react-i18next"
import { useFormat } from "../app/format.ts"
import type { ImportCounts } from "./import.ts"
import classes from "./imports.module.css"

const shown = ["new", "changed", "unchanged", "repeated", "rejected"] as const

/** The rows of a file by what they do, each number with what it means; together they are all rows. */
export function Counts({ counts }: { counts: ImportCounts }) {
  const { t } = useTranslation("imports")
  const format = useFormat()
  return (
    <>
      <dl className={classes.counts}>
        {shown
          .filter(name => name !== "repeated" || counts.repeated > 0)
          .map(name => (
            <div key={name} data-count={name} data-bad={name === "rejected" && counts.rejected > 0}>
              <dt>{t(`counts.${name}`)}</dt>
              <dd className="numbers">{format.number(counts[name])}</dd>
              <dd className={classes.meaning}>{t(`meanings.${name}`)}</dd>
            </div>
          ))}
      </dl>
      {counts.merging > 0 && <p className={classes.meaning}>{t("merging", { count: counts.merging })}</p>}
    </>
  )
}
