import { Button } from "@mantine/core"
import { IconTrash } from "@tabler/icons-react"
import { deleteSelected } from "../session/commands.ts"
import { useSession } from "../session/session-context.ts"

/** Deletes what is selected. `heal`: the path closes over the gap. */
export function RemoveButton({ label, heal }: { label: string; heal: boolean }) {
  const session = useSession()
  return (
    <Button
      size="compact-xs"
      variant="subtle"
      color="red"
      leftSection={<IconTrash size={14} aria-hidden />}
      style={{ alignSelf: "flex-start" }}
      onClick={() => deleteSelected(session, { heal })}
    >
      {label}
    </Button>
  )
}
