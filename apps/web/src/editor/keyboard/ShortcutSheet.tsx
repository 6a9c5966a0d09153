import { Kbd, Modal } from "@mantine/core"
import { useTranslation } from "react-i18next"
import { keyNames } from "../commands/key-names.ts"
import type { EditorAction } from "../commands/use-actions.ts"
import { useSession, useSessionState } from "../session/session-context.ts"
import classes from "./keyboard.module.css"

/** Keys that are no action of their own: they walk, move and mark. */
const moves = [
  ["walk", ["↑ ↓ ← →"]],
  ["ends", ["Home", "End"]],
  ["move", ["Shift", "↑ ↓ ← →"]],
  ["marquee", ["Shift"]],
  ["escape", ["Esc"]],
] as const

/** What the keys do. */
export function ShortcutSheet({ actions }: { actions: readonly EditorAction[] }) {
  const { t } = useTranslation("editor")
  const session = useSession()
  const opened = useSessionState(state => state.open.shortcuts)
  const bound = actions.flatMap(({ id, keys, shownKeys }) => {
    const binding = shownKeys ?? keys?.[0]
    return binding === undefined ? [] : [{ id, keys: keyNames(binding) }]
  })
  return (
    <Modal
      opened={opened}
      onClose={() => session.show("shortcuts", false)}
      title={t("shortcuts.title")}
      size={760}
      closeButtonProps={{ "aria-label": t("close") }}
    >
      <div className={classes.keys}>
        {moves.map(([id, keys]) => (
          <Row key={id} keys={keys} text={t(`shortcuts.${id}`)} />
        ))}
        {bound.map(({ id, keys }) => (
          <Row key={id} keys={keys} text={t(`actions.${id}`)} />
        ))}
      </div>
    </Modal>
  )
}

function Row({ keys, text }: { keys: readonly string[]; text: string }) {
  return (
    <div className={classes.key}>
      <span>
        {keys.map(key => (
          <Kbd key={key} size="xs">
            {key}
          </Kbd>
        ))}
      </span>
      <span>{text}</span>
    </div>
  )
}
