import { IconFlask } from "@tabler/icons-react"
import { formatInstant, instantOf } from "@viaggio/journey-model"
import { useTranslation } from "react-i18next"
import { useFormat } from "../app/format.ts"
import { useAudienceState } from "./audience-context.ts"
import classes from "./simulation.module.css"

/** Says over the canvas that its numbers are simulated, and of which moment. */
export function SimulationBar() {
  const { t } = useTranslation("simulation")
  const format = useFormat()
  const result = useAudienceState(state => state.result)
  const moment = useAudienceState(state => state.moment)
  if (!result) return null
  return (
    <div className={classes.bar} data-simulation-bar>
      <IconFlask size={14} aria-hidden />
      {t("bar", { time: format.dateTime(formatInstant(instantOf(result, moment))) })}
    </div>
  )
}
