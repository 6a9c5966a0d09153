import { ActionIcon } from "@mantine/core"
import { IconX } from "@tabler/icons-react"
import { useTranslation } from "react-i18next"
import { useSession, useSessionState } from "../session/session-context.ts"
import { ProblemList } from "./ProblemList.tsx"
import classes from "./problems.module.css"

/** What is wrong with the draft, below the canvas. */
export function ProblemsDrawer() {
  const { t } = useTranslation("editor")
  const session = useSession()
  const problems = useSessionState(state => state.problems)
  return (
    <section className={classes.drawer} aria-label={t("problems.title")} data-problems>
      <div className={classes.bar}>
        <h2 className={classes.title}>{t("problems.title")}</h2>
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={t("problems.close")}
          onClick={() => session.show("problems", false)}
        >
          <IconX size={16} aria-hidden />
        </ActionIcon>
      </div>
      <ProblemList problems={problems} withFixes />
    </section>
  )
}
