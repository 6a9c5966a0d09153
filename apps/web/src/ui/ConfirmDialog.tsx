import { Button, Group, Modal, Text } from "@mantine/core"
import type { ReactNode } from "react"
import { useTranslation } from "react-i18next"
import { ErrorNote } from "./ErrorNote.tsx"

/** Asks before something that cannot be taken back; says what will happen, and the button repeats the verb. */
export function ConfirmDialog(props: {
  opened: boolean
  title: string
  text: ReactNode
  confirm: string
  danger?: boolean
  busy?: boolean
  error?: unknown
  onConfirm: () => void
  onClose: () => void
}) {
  const { t } = useTranslation("ui")
  return (
    <Modal
      opened={props.opened}
      onClose={props.onClose}
      title={props.title}
      closeButtonProps={{ "aria-label": t("dialog.close") }}
    >
      <Text>{props.text}</Text>
      {props.error != null && (
        <div style={{ marginTop: 16 }}>
          <ErrorNote error={props.error} />
        </div>
      )}
      <Group justify="flex-end" mt="lg" gap="xs">
        <Button variant="default" onClick={props.onClose}>
          {t("dialog.cancel")}
        </Button>
        <Button
          color={props.danger ? "red" : "accent"}
          loading={props.busy ?? false}
          onClick={props.onConfirm}
        >
          {props.confirm}
        </Button>
      </Group>
    </Modal>
  )
}
