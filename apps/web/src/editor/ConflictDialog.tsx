import { Button, Group, Modal, Text } from "@mantine/core"
import { useTranslation } from "react-i18next"
import { useSession, useSessionState } from "./session/session-context.ts"

/** Somebody else saved this draft in between: which of the two goes on is a choice, never an accident. */
export function ConflictDialog() {
  const { t } = useTranslation("editor")
  const session = useSession()
  const save = useSessionState(state => state.save)
  return (
    <Modal
      opened={save.kind === "conflict"}
      onClose={() => {}}
      withCloseButton={false}
      closeOnEscape={false}
      closeOnClickOutside={false}
      title={t("conflict.title")}
    >
      <Text size="sm">{t("conflict.text")}</Text>
      <Group mt="md" justify="flex-end">
        <Button variant="default" onClick={() => session.resolveConflict("theirs")}>
          {t("conflict.theirs")}
        </Button>
        <Button onClick={() => session.resolveConflict("mine")}>{t("conflict.mine")}</Button>
      </Group>
    </Modal>
  )
}
