import { Button, Group, NumberInput, SegmentedControl, Stack } from "@mantine/core"
import { IconDice5, IconPlayerPlay } from "@tabler/icons-react"
import {
  type AudienceSpec,
  type Behaviour,
  type EpochMs,
  eventShapes,
  type Journey,
  type JsonObject,
  madeUpPeople,
  ordinaryBehaviour,
  type Program,
} from "@viaggio/journey-model"
import { useEffect, useMemo, useState } from "react"
import { useTranslation } from "react-i18next"
import { useFormat } from "../app/format.ts"
import { BehaviourFields } from "./BehaviourFields.tsx"
import { type AudienceSource, personOf, withLearned } from "./learned.ts"
import classes from "./simulation.module.css"

const dayMs = 86_400_000
const most = { customers: 1_000_000, days: 730, seed: 999_999 }

type Who = "made-up" | "sampled"
type Numbers = { customers: number; days: number; arrivalDays: number; seed: number }

/** How many, who, for how long, what they do, and the seed: all that an audience run goes by. */
export function AudienceSetup(props: {
  journey: Journey
  program: Program
  workspace: string
  startAt: EpochMs
  sample: JsonObject
  sampleOf: (event: string) => JsonObject
  source: AudienceSource
  onRun: (spec: AudienceSpec) => void
}) {
  const { journey, program, startAt, source, sampleOf } = props
  const { t } = useTranslation("simulation")
  const format = useFormat()
  const [who, setWho] = useState<Who>("made-up")
  const [numbers, setNumbers] = useState<Numbers>({ customers: 10_000, days: 90, arrivalDays: 30, seed: 1 })
  /** What was changed by hand, over what was learned. */
  const [changed, setChanged] = useState<Pick<Behaviour, "events" | "messages">>({ events: {}, messages: {} })
  const usual = useMemo(
    () => withLearned(ordinaryBehaviour(program, numbers.arrivalDays), source.rates),
    [program, numbers.arrivalDays, source.rates],
  )
  const behaviour: Behaviour = {
    ...usual,
    events: { ...usual.events, ...pick(changed.events, usual.events) },
    messages: { ...usual.messages, ...pick(changed.messages, usual.messages) },
  }
  const { onSample } = source
  useEffect(() => {
    if (who === "sampled") onSample()
  }, [who, onSample])
  const set = (name: keyof Numbers, value: string | number) => {
    if (typeof value === "number" && Number.isFinite(value)) setNumbers({ ...numbers, [name]: value })
  }
  const isWaiting = who === "sampled" && !source.sampled
  const run = () => {
    const { customers, days, arrivalDays, seed } = numbers
    const people =
      who === "sampled"
        ? (source.sampled?.customers ?? []).map(customer => personOf(customer, startAt))
        : madeUpPeople(journey, { base: props.sample, seed, startAt })
    props.onRun({
      journey,
      workspace: props.workspace,
      startAt,
      days,
      customers,
      seed,
      people,
      events: eventShapes(journey, { baseOf: sampleOf, startAt }),
      behaviour: { ...behaviour, arrivalMs: Math.min(arrivalDays, days) * dayMs },
    })
  }
  return (
    <Stack gap="sm">
      <SegmentedControl
        size="xs"
        fullWidth
        aria-label={t("audience.who")}
        data={[
          { value: "made-up", label: t("audience.madeUp") },
          { value: "sampled", label: t("audience.sampled") },
        ]}
        value={who}
        onChange={value => setWho(value as Who)}
      />
      <p className={classes.past}>
        {who === "made-up"
          ? t("audience.madeUpHint")
          : source.sampled
            ? t("audience.sampledHint", {
                count: source.sampled.customers.length,
                of: format.number(source.sampled.of),
              })
            : source.sampleFailed
              ? t("audience.sampleFailed")
              : t("audience.sampling")}
      </p>
      <Group grow gap="xs" align="flex-start">
        <NumberInput
          size="xs"
          label={t("audience.customers")}
          min={1}
          max={most.customers}
          clampBehavior="blur"
          thousandSeparator={format.number(1000).charAt(1)}
          value={numbers.customers}
          onChange={value => set("customers", value)}
          data-audience-customers
        />
        <NumberInput
          size="xs"
          label={t("audience.days")}
          min={1}
          max={most.days}
          value={numbers.days}
          onChange={value => set("days", value)}
        />
      </Group>
      <Group grow gap="xs" align="flex-end">
        <NumberInput
          size="xs"
          label={t("audience.arrivalDays")}
          min={0}
          max={numbers.days}
          value={numbers.arrivalDays}
          onChange={value => set("arrivalDays", value)}
        />
        <Group gap={4} wrap="nowrap" align="flex-end">
          <NumberInput
            size="xs"
            style={{ flex: 1 }}
            label={t("audience.seed")}
            min={0}
            max={most.seed}
            allowDecimal={false}
            value={numbers.seed}
            onChange={value => set("seed", value)}
          />
          <Button
            size="xs"
            px={8}
            variant="default"
            aria-label={t("audience.anotherSeed")}
            title={t("audience.anotherSeed")}
            onClick={() => setNumbers({ ...numbers, seed: (numbers.seed % most.seed) + 1 })}
          >
            <IconDice5 size={16} aria-hidden />
          </Button>
        </Group>
      </Group>
      <BehaviourFields
        journey={journey}
        behaviour={behaviour}
        learned={source.rates}
        onChange={({ events, messages }) => setChanged({ events, messages })}
        onReset={() => setChanged({ events: {}, messages: {} })}
      />
      <Button
        size="xs"
        leftSection={<IconPlayerPlay size={14} aria-hidden />}
        disabled={isWaiting || (who === "sampled" && source.sampled?.customers.length === 0)}
        onClick={run}
        data-audience-run
      >
        {t("audience.run")}
      </Button>
    </Stack>
  )
}

/** Of what was changed only what the journey still has. */
const pick = <Part,>(
  from: { [name: string]: Part },
  has: { [name: string]: unknown },
): { [name: string]: Part } =>
  Object.fromEntries(Object.entries(from).filter(([name]) => Object.hasOwn(has, name)))
