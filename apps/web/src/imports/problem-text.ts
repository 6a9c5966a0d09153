import { useTranslation } from "react-i18next"
import type { ImportProblem } from "./import.ts"

/** Why a row is not imported, as a sentence that names the column and the value. */
export function useProblemText(): (problem: ImportProblem) => string {
  const { t } = useTranslation("imports")
  return ({ reason, column, value, text }) => {
    const said = t(`problems.${reason}`, { column: column ?? "", value: value ?? "" })
    // The door's own words, where it is the door that refuses.
    return reason === "refused" && text ? `${said} ${text}` : said
  }
}
