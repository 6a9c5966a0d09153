import { Modal, ScrollArea, Select, Stack, Text, TextInput, UnstyledButton } from "@mantine/core"
import { connectionRule, describeNode } from "@viaggio/journey-model"
import { useMemo, useState } from "react"
import { useTranslation } from "react-i18next"
import { useSentence } from "../../app/sentence.ts"
import { sayTemplates, useNodeWords } from "../../node-types/words.ts"
import { useCanvasState, useCanvasStore } from "../canvas/canvas-store.ts"
import { useRefusal } from "../canvas/use-refusal.ts"
import { graphOf } from "../graph/graph-index.ts"
import { connectNodes, disconnectOutcome } from "../session/commands.ts"
import { useSession, useSessionState } from "../session/session-context.ts"
import classes from "./keyboard.module.css"

/** Connects without a pointer: a way out, and a list of where it may lead. */
export function ConnectDialog({ onClosed }: { onClosed: () => void }) {
  const { t } = useTranslation("editor")
  const canvas = useCanvasStore()
  const from = useCanvasState(state => state.connectFrom)
  const close = () => {
    canvas.setState({ connectFrom: undefined })
    onClosed()
  }
  return (
    <Modal
      opened={from !== undefined}
      onClose={close}
      title={t("connect.title")}
      closeButtonProps={{ "aria-label": t("close") }}
      returnFocus={false}
    >
      {from !== undefined && <Targets key={from} from={from} onDone={close} />}
    </Modal>
  )
}

function Targets({ from, onDone }: { from: string; onDone: () => void }) {
  const { t } = useTranslation("editor")
  const session = useSession()
  const say = useSentence()
  const words = useNodeWords()
  const refuse = useRefusal()
  const journey = useSessionState(state => state.history.journey)
  const graph = graphOf(journey)
  const node = graph.nodes.get(from)
  const outcomes = graph.outcomes.get(from) ?? []
  const connected = graph.out.get(from)
  const [outcome, setOutcome] = useState(outcomes.find(each => !connected?.has(each)) ?? outcomes[0])
  const [search, setSearch] = useState("")
  const targets = useMemo(
    () =>
      outcome === undefined
        ? []
        : journey.nodes
            .filter(each => each.id !== from)
            .map(each => ({
              node: each,
              refusal: connectionRule(journey, { from, outcome, to: each.id }),
              sentence: sayTemplates(say(describeNode(each))),
            })),
    [journey, from, outcome, say],
  )
  if (!node || outcome === undefined) return <Text size="sm">{t("connect.noOutcome")}</Text>
  const connectTo = (to: string) => {
    const reason = connectNodes(session, { from, outcome, to })
    if (reason) refuse(reason)
    else onDone()
  }
  const asked = search.trim().toLocaleLowerCase()
  const shown = targets.filter(each =>
    `${words.nodeName(each.node)} ${each.sentence}`.toLocaleLowerCase().includes(asked),
  )
  const current = connected?.get(outcome)
  return (
    <Stack gap="sm">
      <Select
        size="sm"
        label={t("connect.outcome")}
        allowDeselect={false}
        data={outcomes.map(each => {
          const to = graph.nodes.get(connected?.get(each) ?? "")
          const name = words.outcomeName(node, each)
          return {
            value: each,
            label: to ? t("connect.leadsTo", { outcome: name, to: words.nodeName(to) }) : name,
          }
        })}
        value={outcome}
        onChange={value => value && setOutcome(value)}
      />
      <TextInput
        size="sm"
        data-autofocus
        label={t("connect.target")}
        value={search}
        onChange={event => setSearch(event.currentTarget.value)}
        onKeyDown={event => {
          const first = shown.find(each => !each.refusal && each.node.id !== current)
          if (event.key === "Enter" && first) connectTo(first.node.id)
        }}
      />
      <ScrollArea.Autosize mah={320}>
        {shown.map(({ node: target, refusal, sentence }) => (
          <UnstyledButton
            key={target.id}
            className={classes.target}
            disabled={refusal !== undefined || target.id === current}
            data-target={target.id}
            onClick={() => connectTo(target.id)}
          >
            <span className={classes.targetName}>{words.nodeName(target)}</span>
            <span className={classes.targetAbout}>
              {refusal ? say(refusal) : target.id === current ? t("connect.already") : sentence}
            </span>
          </UnstyledButton>
        ))}
        {current !== undefined && (
          <UnstyledButton
            className={classes.target}
            onClick={() => {
              disconnectOutcome(session, { from, outcome })
              onDone()
            }}
          >
            <span className={classes.targetName}>{t("connect.disconnect")}</span>
          </UnstyledButton>
        )}
      </ScrollArea.Autosize>
    </Stack>
  )
}
