import { ActionIcon, TextInput } from "@mantine/core"
import { IconChevronDown, IconChevronUp, IconSearch, IconX } from "@tabler/icons-react"
import { describeNode } from "@viaggio/journey-model"
import { type RefObject, useEffect, useMemo, useState } from "react"
import { useTranslation } from "react-i18next"
import { useSentence } from "../../app/sentence.ts"
import { useNodeWords } from "../../node-types/words.ts"
import { useCanvasStore } from "../canvas/canvas-store.ts"
import { useReveal } from "../canvas/use-focus-requests.ts"
import { cardElementId, focusJourneyView } from "../graph/card-element.ts"
import { useSession, useSessionState } from "../session/session-context.ts"
import classes from "./find.module.css"
import { findNodes } from "./find-nodes.ts"

const journeyArea: RefObject<HTMLElement | null> = {
  get current() {
    return document.querySelector<HTMLElement>("[data-journey-canvas]")
  },
}

/** Looks for steps by name, words and configuration, and walks from one to the next. */
export function FindBar() {
  const opened = useSessionState(state => state.open.find)
  return opened ? <OpenBar /> : null
}

function OpenBar() {
  const { t } = useTranslation("editor")
  const session = useSession()
  const canvas = useCanvasStore()
  const reveal = useReveal(journeyArea)
  const say = useSentence()
  const words = useNodeWords()
  const journey = useSessionState(state => state.history.journey)
  const [asked, setAsked] = useState("")
  const [at, setAt] = useState(0)
  const texts = useMemo(
    () =>
      new Map(
        journey.nodes.map(node => [
          node.id,
          [words.nodeName(node), words.typeName(node.type), say(describeNode(node))].join(" "),
        ]),
      ),
    [journey, words, say],
  )
  const found = useMemo(() => findNodes(journey, asked, id => texts.get(id) ?? ""), [journey, asked, texts])
  useEffect(() => {
    canvas.setState({ found: new Set(found) })
    return () => canvas.setState({ found: new Set() })
  }, [canvas, found])
  const goTo = (index: number, ids = found) => {
    const next = ids.length === 0 ? 0 : (index + ids.length) % ids.length
    setAt(next)
    const id = ids[next]
    if (id === undefined) return
    session.select({ nodes: [id] }, { inspect: false })
    reveal(id)
    document.getElementById(cardElementId(id))?.scrollIntoView({ block: "nearest" })
  }
  const close = () => {
    session.show("find", false)
    focusJourneyView()
  }
  return (
    <search className={classes.bar} data-find-bar>
      <TextInput
        size="xs"
        w={230}
        autoFocus
        aria-label={t("actions.find")}
        placeholder={t("find.placeholder")}
        leftSection={<IconSearch size={14} aria-hidden />}
        value={asked}
        onChange={event => {
          const text = event.currentTarget.value
          setAsked(text)
          goTo(
            0,
            findNodes(journey, text, id => texts.get(id) ?? ""),
          )
        }}
        onKeyDown={event => {
          if (event.key === "Enter") goTo(at + (event.shiftKey ? -1 : 1))
          else if (event.key === "Escape") close()
          else return
          event.preventDefault()
          event.stopPropagation()
        }}
      />
      <output className={`${classes.count} numbers`}>
        {asked.trim() === ""
          ? ""
          : t("find.count", { at: found.length === 0 ? 0 : at + 1, count: found.length })}
      </output>
      <ActionIcon
        size="sm"
        variant="subtle"
        color="gray"
        aria-label={t("find.previous")}
        onClick={() => goTo(at - 1)}
      >
        <IconChevronUp size={15} aria-hidden />
      </ActionIcon>
      <ActionIcon
        size="sm"
        variant="subtle"
        color="gray"
        aria-label={t("find.next")}
        onClick={() => goTo(at + 1)}
      >
        <IconChevronDown size={15} aria-hidden />
      </ActionIcon>
      <ActionIcon size="sm" variant="subtle" color="gray" aria-label={t("find.close")} onClick={close}>
        <IconX size={15} aria-hidden />
      </ActionIcon>
    </search>
  )
}
