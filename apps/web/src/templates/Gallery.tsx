import { Radio } from "@mantine/core"
import { IconPlus } from "@tabler/icons-react"
import {
  type Journey,
  type TemplateId,
  type TemplateLanguage,
  template,
  templateIds,
  templateNeeds,
} from "@viaggio/journey-model"
import { useMemo } from "react"
import { useTranslation } from "react-i18next"
import { useWorkspace } from "../app/workspace.ts"
import { Needs } from "./Needs.tsx"
import { SmallPicture } from "./SmallPicture.tsx"
import classes from "./templates.module.css"

const blank = "blank"

/** What a new journey begins with: nothing, or a journey that is there already, in the workspace's language. */
export default function Gallery(props: {
  chosen: Journey | undefined
  onChoose: (journey: Journey | undefined) => void
}) {
  const { t } = useTranslation("templates")
  const workspace = useWorkspace()
  const language: TemplateLanguage = workspace.language.startsWith("it") ? "it" : "en"
  const offered = useMemo(
    () => new Map<string, Journey>(templateIds.map(id => [id, template(id, language)])),
    [language],
  )
  const chosenId = templateIds.find(id => offered.get(id) === props.chosen)
  return (
    <div className={classes.gallery}>
      <Radio.Group
        label={t("begin")}
        value={chosenId ?? blank}
        onChange={id => props.onChoose(offered.get(id))}
        classNames={{ root: classes.offers ?? "" }}
      >
        <div className={classes.cards}>
          <Offer id={blank} name={t("blank.name")} text={t("blank.text")}>
            <IconPlus size={28} stroke={1.6} aria-hidden />
          </Offer>
          {[...offered].map(([id, journey]) => (
            <Offer key={id} id={id} name={journey.name} text={journey.description ?? ""}>
              <SmallPicture journey={journey} className={classes.picture} />
            </Offer>
          ))}
        </div>
      </Radio.Group>
      <section className={classes.about} aria-live="polite" aria-label={t("about")}>
        {chosenId ? (
          <About id={chosenId} journey={offered.get(chosenId)!} />
        ) : (
          <p className={classes.hint}>{t("blank.about")}</p>
        )}
      </section>
    </div>
  )
}

function Offer(props: { id: string; name: string; text: string; children: React.ReactNode }) {
  return (
    <Radio.Card value={props.id} className={classes.card ?? ""} aria-label={props.name}>
      <span className={classes.frame}>{props.children}</span>
      <span className={classes.name}>{props.name}</span>
      <span className={classes.text}>{props.text}</span>
    </Radio.Card>
  )
}

function About({ id, journey }: { id: TemplateId; journey: Journey }) {
  const { t } = useTranslation("templates")
  return (
    <>
      <SmallPicture journey={journey} className={classes.large} />
      <h2>{journey.name}</h2>
      <p>{journey.description}</p>
      <p className={classes.hint}>
        {t("size", {
          count: journey.nodes.length,
          mails: t("mails", { count: journey.nodes.filter(({ type }) => type === "email").length }),
        })}
      </p>
      <Needs needs={templateNeeds(id)} />
    </>
  )
}
