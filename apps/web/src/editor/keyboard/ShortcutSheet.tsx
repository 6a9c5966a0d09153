import { Kbd, Modal } from "@mantine/core"
import { useTranslation } from "react-i18next"
import { useSession, useSessionState } from "../session/session-context.ts"
import classes from "./keyboard.module.css"

const isMac = typeof navigator !== "undefined" && /Mac|iP(hone|ad)/.test(navigator.platform)
const command = isMac ? "Cmd" : "Ctrl"

const shortcuts = [
  ["walk", ["↑ ↓ ← →"]],
  ["move", ["Shift", "↑ ↓ ← →"]],
  ["insert", ["Tab"]],
  ["connect", ["E"]],
  ["inspect", ["Enter"]],
  ["rename", ["F2"]],
  ["remove", ["Delete"]],
  ["removeOnly", ["Alt", "Delete"]],
  ["selectAll", [command, "A"]],
  ["escape", ["Esc"]],
  ["undo", [command, "Z"]],
  ["redo", ["Shift", command, "Z"]],
  ["zoom", ["0 1 2"]],
  ["tidy", ["Shift", "L"]],
  ["live", ["O"]],
  ["simulate", ["T"]],
  ["problems", [command, "Shift", "M"]],
  ["publish", [command, "Enter"]],
  ["sheet", ["?"]],
] as const

/** What the keys do. */
export function ShortcutSheet() {
  const { t } = useTranslation("editor")
  const session = useSession()
  const opened = useSessionState(state => state.open.shortcuts)
  return (
    <Modal
      opened={opened}
      onClose={() => session.show("shortcuts", false)}
      title={t("shortcuts.title")}
      closeButtonProps={{ "aria-label": t("close") }}
    >
      <table className={classes.keys}>
        <tbody>
          {shortcuts.map(([id, keys]) => (
            <tr key={id}>
              <td>
                {keys.map((key, index) => (
                  <span key={key}>
                    {index > 0 && " + "}
                    <Kbd>{key}</Kbd>
                  </span>
                ))}
              </td>
              <td>{t(`shortcuts.${id}`)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Modal>
  )
}
