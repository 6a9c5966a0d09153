import { Title } from "@mantine/core"
import { type Icon, IconBuildingStore, IconFileImport, IconRoute } from "@tabler/icons-react"
import type { ReactNode } from "react"
import { useTranslation } from "react-i18next"
import { useWorkspace } from "../app/workspace.ts"
import { StartButton } from "../sample-store/StartButton.tsx"
import { ButtonLink } from "../ui/links.tsx"
import classes from "./FirstSteps.module.css"

/** Where no journey is yet: the three ways to begin. `newJourney`: the button that opens the templates. */
export function FirstSteps({ newJourney }: { newJourney: ReactNode }) {
  const { t } = useTranslation("journeys")
  const { t: tStore } = useTranslation("sample-store")
  const { id: workspace } = useWorkspace()
  return (
    <div className={classes.root}>
      <Step icon={IconRoute} title={t("empty.title")} text={t("empty.text")}>
        {newJourney}
      </Step>
      <Step icon={IconBuildingStore} title={tStore("title")} text={tStore("text")}>
        <StartButton />
      </Step>
      <Step icon={IconFileImport} title={t("empty.import.title")} text={t("empty.import.text")}>
        <ButtonLink to="/w/$workspace/import" params={{ workspace }} variant="default">
          {t("empty.import.do")}
        </ButtonLink>
      </Step>
    </div>
  )
}

function Step(props: { icon: Icon; title: string; text: string; children: ReactNode }) {
  const StepIcon = props.icon
  return (
    <section className={classes.step}>
      <span className={classes.icon}>
        <StepIcon size={26} stroke={1.6} aria-hidden />
      </span>
      <Title order={2}>{props.title}</Title>
      <p>{props.text}</p>
      {props.children}
    </section>
  )
}
