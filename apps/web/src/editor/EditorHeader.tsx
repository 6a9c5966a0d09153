import { ActionIcon, Button, Menu, SegmentedControl, Tooltip } from "@mantine/core"
import {
  IconActivity,
  IconArrowBackUp,
  IconArrowForwardUp,
  IconChevronDown,
  IconCommand,
  IconLock,
  IconPlayerPause,
  IconPlayerPlay,
  IconPlayerStop,
  IconWalk,
} from "@tabler/icons-react"
import { useTranslation } from "react-i18next"
import { useSentence } from "../app/sentence.ts"
import { type JourneyStatus, statusTone } from "../journeys/status.ts"
import { RoleButton } from "../ui/RoleButton.tsx"
import { Tag } from "../ui/Tag.tsx"
import classes from "./editor.module.css"
import { useSession, useSessionState } from "./session/session-context.ts"

/** Name and state of the journey, undo, live, walk and publish. */
export function EditorHeader(props: {
  status: JourneyStatus
  version: number | null
  changed: boolean
  onRun: (action: "pause" | "resume" | "stop") => void
  onPublish: () => void
}) {
  const { t } = useTranslation("editor")
  const { t: tUi } = useTranslation("ui")
  const session = useSession()
  const name = useSessionState(state => state.history.journey.name)
  const live = useSessionState(state => state.open.live) && props.status !== "draft"
  const walk = useSessionState(state => state.open.walk)
  return (
    <header className={classes.header}>
      <h1 className={classes.name}>{name}</h1>
      <Tag tone={statusTone[props.status]}>
        {props.version === null
          ? t(`header.status.${props.status}`)
          : t("header.statusVersion", { status: t(`header.status.${props.status}`), version: props.version })}
      </Tag>
      {session.readOnly && (
        <Tooltip label={tUi("role.needs.editor")}>
          <span>
            <Tag tone="exit" icon={IconLock}>
              {t("header.readOnly")}
            </Tag>
          </span>
        </Tooltip>
      )}
      {props.changed && <span className={classes.changed}>{t("header.changed")}</span>}
      <span className={classes.grow} />
      <Tooltip label={t("actions.commands")}>
        <ActionIcon
          variant="subtle"
          color="gray"
          size="lg"
          aria-label={t("actions.commands")}
          onClick={() => session.show("commands", true)}
        >
          <IconCommand size={18} aria-hidden />
        </ActionIcon>
      </Tooltip>
      {!session.readOnly && <UndoButtons />}
      <ViewChoice />
      <Button
        size="xs"
        variant={live ? "filled" : "default"}
        aria-pressed={live}
        leftSection={<IconActivity size={15} aria-hidden />}
        disabled={props.status === "draft"}
        onClick={() => session.show("live")}
      >
        {t("header.live")}
      </Button>
      <Button
        size="xs"
        variant={walk ? "filled" : "default"}
        aria-pressed={walk}
        leftSection={<IconWalk size={15} aria-hidden />}
        onClick={() => session.show("walk")}
      >
        {t("header.walk")}
      </Button>
      {props.status !== "draft" && !session.readOnly && <RunMenu status={props.status} onRun={props.onRun} />}
      <RoleButton needs="editor" size="xs" onClick={props.onPublish}>
        {t("header.publish")}
      </RoleButton>
    </header>
  )
}

/** The same journey as a graph or as a list. */
function ViewChoice() {
  const { t } = useTranslation("editor")
  const session = useSession()
  const outline = useSessionState(state => state.open.outline)
  return (
    <SegmentedControl
      size="xs"
      aria-label={t("header.view")}
      data={[
        { value: "canvas", label: t("header.canvas") },
        { value: "outline", label: t("header.outline") },
      ]}
      value={outline ? "outline" : "canvas"}
      onChange={value => session.show("outline", value === "outline")}
    />
  )
}

function UndoButtons() {
  const { t } = useTranslation("editor")
  const session = useSession()
  const say = useSentence()
  const undone = useSessionState(state => state.history.undo.at(-1)?.label)
  const redone = useSessionState(state => state.history.redo.at(-1)?.label)
  const buttons = [
    { key: "undo", Icon: IconArrowBackUp, label: undone, run: session.undo },
    { key: "redo", Icon: IconArrowForwardUp, label: redone, run: session.redo },
  ] as const
  return buttons.map(({ key, Icon, label, run }) => {
    const text = label ? t(`header.${key}What`, { what: say(label) }) : t(`header.${key}`)
    return (
      <Tooltip key={key} label={text}>
        <ActionIcon
          variant="subtle"
          color="gray"
          size="lg"
          aria-label={text}
          data-action={key}
          disabled={!label}
          onClick={run}
        >
          <Icon size={18} aria-hidden />
        </ActionIcon>
      </Tooltip>
    )
  })
}

function RunMenu({
  status,
  onRun,
}: {
  status: JourneyStatus
  onRun: (action: "pause" | "resume" | "stop") => void
}) {
  const { t } = useTranslation("editor")
  return (
    <Menu position="bottom-end" shadow="md">
      <Menu.Target>
        <Button size="xs" variant="default" rightSection={<IconChevronDown size={14} aria-hidden />}>
          {t("run.title")}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {status === "live" && (
          <Menu.Item leftSection={<IconPlayerPause size={15} aria-hidden />} onClick={() => onRun("pause")}>
            {t("run.pause")}
          </Menu.Item>
        )}
        {status === "paused" && (
          <Menu.Item leftSection={<IconPlayerPlay size={15} aria-hidden />} onClick={() => onRun("resume")}>
            {t("run.resume")}
          </Menu.Item>
        )}
        {status !== "stopped" && (
          <Menu.Item
            color="red"
            leftSection={<IconPlayerStop size={15} aria-hidden />}
            onClick={() => onRun("stop")}
          >
            {t("run.stop")}
          </Menu.Item>
        )}
        {status === "stopped" && <Menu.Label>{t("run.stopped")}</Menu.Label>}
      </Menu.Dropdown>
    </Menu>
  )
}
