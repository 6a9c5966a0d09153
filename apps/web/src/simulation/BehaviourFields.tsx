import { Button, Group, NumberInput } from "@mantine/core"
import {
  type Behaviour,
  type Chance,
  formatDuration,
  type Journey,
  parseDuration,
  type Reactions,
} from "@viaggio/journey-model"
import { useTranslation } from "react-i18next"
import { useFormat } from "../app/format.ts"
import { DurationField } from "../editor/fields/DurationField.tsx"
import { useNodeWords } from "../node-types/words.ts"
import { type LearnedRates, medianMs, withMedian } from "./learned.ts"
import classes from "./simulation.module.css"

type Parts = Pick<Behaviour, "events" | "messages">

const reactionNames = ["opened", "clicked", "bounced", "unsubscribed"] as const satisfies (keyof Reactions)[]

/** What customers do: for each event and each message how many, and after how long. */
export function BehaviourFields(props: {
  journey: Journey
  behaviour: Behaviour
  learned: LearnedRates | undefined
  onChange: (parts: Parts) => void
  onReset: () => void
}) {
  const { behaviour, learned, onChange } = props
  const { t } = useTranslation("simulation")
  const format = useFormat()
  const words = useNodeWords()
  const isLearned =
    learned && (learned.messages.known || Object.values(learned.events).some(event => event.known))
  const events = Object.entries(behaviour.events)
  const messages = Object.entries(behaviour.messages)
  const nameOf = (id: string) => {
    const node = props.journey.nodes.find(each => each.id === id)
    return node ? words.nodeName(node) : id
  }
  const setEvent = (event: string, kind: "after" | "afterMessage", chance: Chance) => {
    const own = behaviour.events[event]
    if (own) onChange({ ...behaviour, events: { ...behaviour.events, [event]: { ...own, [kind]: chance } } })
  }
  const setMessage = (node: string, reaction: keyof Reactions, chance: Chance) => {
    const own = behaviour.messages[node]
    if (own)
      onChange({ ...behaviour, messages: { ...behaviour.messages, [node]: { ...own, [reaction]: chance } } })
  }
  return (
    <section className={classes.behaviour} aria-label={t("behaviour.title")}>
      <Group justify="space-between" gap={6}>
        <h3 className={classes.subtitle}>{t("behaviour.title")}</h3>
        <Button size="compact-xs" variant="subtle" onClick={props.onReset}>
          {t("behaviour.reset")}
        </Button>
      </Group>
      <p className={classes.past}>
        {isLearned ? t("behaviour.learned", { count: learned.customers }) : t("behaviour.ordinary")}
      </p>
      {events.map(([event, { after, afterMessage }]) => (
        <details key={event} className={classes.chances} data-behaviour-event={event}>
          <summary>
            <span>{event}</span>
            <span className={classes.soft}>
              {t("behaviour.summaryEvent", { share: format.percent(after.share) })}
            </span>
          </summary>
          <ChanceFields
            label={t("behaviour.after")}
            chance={after}
            onChange={chance => setEvent(event, "after", chance)}
          />
          {messages.length > 0 && (
            <ChanceFields
              label={t("behaviour.afterMessage")}
              chance={afterMessage}
              onChange={chance => setEvent(event, "afterMessage", chance)}
            />
          )}
        </details>
      ))}
      {messages.map(([node, reactions]) => (
        <details key={node} className={classes.chances} data-behaviour-message={node}>
          <summary>
            <span>{nameOf(node)}</span>
            <span className={classes.soft}>
              {t("behaviour.summaryMessage", {
                opened: format.percent(reactions.opened.share),
                clicked: format.percent(reactions.clicked.share),
              })}
            </span>
          </summary>
          {reactionNames.map(reaction => (
            <ChanceFields
              key={reaction}
              label={t(`behaviour.${reaction}`)}
              chance={reactions[reaction]}
              onChange={chance => setMessage(node, reaction, chance)}
            />
          ))}
        </details>
      ))}
      {events.length + messages.length === 0 && <p className={classes.past}>{t("behaviour.nothing")}</p>}
    </section>
  )
}

/** A share in per cent, and after how long half of those who do it have done it. */
function ChanceFields(props: { label: string; chance: Chance; onChange: (chance: Chance) => void }) {
  const { label, chance, onChange } = props
  const { t } = useTranslation("simulation")
  return (
    <fieldset className={classes.chance}>
      <legend>{label}</legend>
      <Group gap={8} align="flex-end" wrap="nowrap">
        <NumberInput
          size="xs"
          w={84}
          label={t("behaviour.share")}
          suffix=" %"
          min={0}
          max={100}
          decimalScale={2}
          value={Math.round(chance.share * 10_000) / 100}
          onChange={value => {
            if (typeof value === "number")
              onChange({ ...chance, share: Math.min(1, Math.max(0, value / 100)) })
          }}
        />
        <DurationField
          label={t("behaviour.median")}
          value={formatDuration(Math.max(1_000, medianMs(chance)))}
          onChange={duration => onChange(withMedian(chance, parseDuration(duration) ?? 1_000))}
        />
      </Group>
    </fieldset>
  )
}
