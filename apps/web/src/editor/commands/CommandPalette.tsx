import { Kbd, Modal, TextInput } from "@mantine/core"
import { IconBolt, IconRoute } from "@tabler/icons-react"
import { useQuery } from "@tanstack/react-query"
import { useNavigate } from "@tanstack/react-router"
import { describeNode } from "@viaggio/journey-model"
import { type ReactNode, useEffect, useId, useMemo, useRef, useState } from "react"
import { useTranslation } from "react-i18next"
import { useApi } from "../../app/api.ts"
import { useSentence } from "../../app/sentence.ts"
import { useWorkspace } from "../../app/workspace.ts"
import { familyOf, iconOf } from "../../node-types/registry.ts"
import { sayTemplates, useNodeWords } from "../../node-types/words.ts"
import { useSession, useSessionState } from "../session/session-context.ts"
import classes from "./commands.module.css"
import { keyNames } from "./key-names.ts"
import { matches } from "./matches.ts"
import type { EditorAction } from "./use-actions.ts"

type Entry = {
  key: string
  group: "steps" | "actions" | "journeys"
  name: string
  about?: string
  keys?: string
  icon: ReactNode
  run: () => void
}

const mostOfGroup = 8

/** Every step, action and journey, by typing a part of its name. */
export function CommandPalette({ actions }: { actions: readonly EditorAction[] }) {
  const { t } = useTranslation("editor")
  const session = useSession()
  const opened = useSessionState(state => state.open.commands)
  const close = () => session.show("commands", false)
  return (
    <Modal.Root
      opened={opened}
      onClose={close}
      padding={0}
      size={560}
      yOffset="12vh"
      centered={false}
      transitionProps={{ duration: 0 }}
    >
      <Modal.Overlay backgroundOpacity={0.4} />
      <Modal.Content aria-label={t("commands.title")} radius="lg">
        <Modal.Body>{opened && <Commands actions={actions} onDone={close} />}</Modal.Body>
      </Modal.Content>
    </Modal.Root>
  )
}

function Commands({ actions, onDone }: { actions: readonly EditorAction[]; onDone: () => void }) {
  const { t } = useTranslation("editor")
  const listId = useId()
  const [search, setSearch] = useState("")
  const [at, setAt] = useState(0)
  const list = useRef<HTMLDivElement>(null)
  const entries = useEntries(actions)
  const shown = useMemo(
    () =>
      (["steps", "actions", "journeys"] as const).flatMap(group => {
        const found = entries.filter(
          each => each.group === group && matches(`${each.name} ${each.about ?? ""}`, search),
        )
        // Without a word asked for, what can be done stands first and whole.
        return search === "" && group === "actions" ? found : found.slice(0, mostOfGroup)
      }),
    [entries, search],
  )
  useEffect(() => {
    list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" })
  })
  const choose = (entry: Entry | undefined) => {
    if (!entry) return
    onDone()
    entry.run()
  }
  const move = (step: number) => setAt(now => (now + step + shown.length) % Math.max(1, shown.length))
  return (
    <div className={classes.commands} data-commands>
      <TextInput
        data-autofocus
        size="md"
        variant="unstyled"
        className={classes.search ?? ""}
        role="combobox"
        aria-expanded
        aria-controls={listId}
        aria-activedescendant={shown[at] ? `${listId}-${at}` : undefined}
        aria-label={t("commands.title")}
        placeholder={t("commands.search")}
        value={search}
        onChange={event => {
          setSearch(event.currentTarget.value)
          setAt(0)
        }}
        onKeyDown={event => {
          if (event.key === "ArrowDown") move(1)
          else if (event.key === "ArrowUp") move(-1)
          else if (event.key === "Enter") choose(shown[at])
          else return
          event.preventDefault()
        }}
      />
      <div ref={list} id={listId} role="listbox" aria-label={t("commands.title")} className={classes.list}>
        {shown.map((entry, index) => (
          <div key={entry.key} role="presentation">
            {entry.group !== shown[index - 1]?.group && (
              <div role="presentation" className={classes.group}>
                {t(`commands.${entry.group}`)}
              </div>
            )}
            <div
              id={`${listId}-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === at}
              className={classes.entry}
              data-command={entry.key}
              onPointerMove={() => setAt(index)}
              onClick={() => choose(entry)}
              onKeyDown={() => {}}
            >
              <span className={classes.icon} aria-hidden>
                {entry.icon}
              </span>
              <span className={classes.name}>{entry.name}</span>
              {entry.about && <span className={classes.about}>{entry.about}</span>}
              {entry.keys && (
                <span className={classes.keys}>
                  {keyNames(entry.keys).map(key => (
                    <Kbd key={key} size="xs">
                      {key}
                    </Kbd>
                  ))}
                </span>
              )}
            </div>
          </div>
        ))}
        {shown.length === 0 && <div className={classes.none}>{t("commands.none")}</div>}
      </div>
    </div>
  )
}

function useEntries(actions: readonly EditorAction[]): readonly Entry[] {
  const { t } = useTranslation("editor")
  const session = useSession()
  const api = useApi()
  const navigate = useNavigate()
  const workspace = useWorkspace()
  const say = useSentence()
  const words = useNodeWords()
  const journey = useSessionState(state => state.history.journey)
  const { data: journeys } = useQuery(api.journeys.list.queryOptions())
  return useMemo(() => {
    const steps = journey.nodes.map((node): Entry => {
      const Icon = iconOf(node.type)
      return {
        key: `step ${node.id}`,
        group: "steps",
        name: words.nodeName(node),
        about: sayTemplates(say(describeNode(node))),
        icon: <Icon size={18} stroke={1.8} color={`var(--family-${familyOf(node.type)})`} />,
        run: () => session.focusOn({ node: node.id }),
      }
    })
    const possible = actions
      .filter(({ id, isPossible }) => isPossible !== false && id !== "commands")
      .map(({ id, keys, shownKeys, run }): Entry => {
        const binding = shownKeys ?? keys?.[0]
        return {
          key: id,
          group: "actions",
          name: t(`actions.${id}`),
          ...(binding === undefined ? {} : { keys: binding }),
          icon: <IconBolt size={18} stroke={1.8} />,
          run,
        }
      })
    const others = (journeys ?? [])
      .filter(({ key }) => key !== journey.key)
      .map(
        ({ key, name, status }): Entry => ({
          key: `journey ${key}`,
          group: "journeys",
          name,
          about: t(`header.status.${status}`),
          icon: <IconRoute size={18} stroke={1.8} />,
          run: () =>
            void navigate({
              to: "/w/$workspace/journeys/$key",
              params: { workspace: workspace.id, key },
            }),
        }),
      )
    return [...steps, ...possible, ...others]
  }, [journey, actions, journeys, words, say, t, session, navigate, workspace.id])
}
