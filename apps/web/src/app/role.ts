import type { Outputs } from "./api.ts"
import { useWorkspace } from "./workspace.ts"

export type Role = Outputs["members"]["list"][number]["role"]

/** What the person on screen may do here; the server holds it, the screens only say it in time. */
export function useMay(): { edit: boolean; own: boolean } {
  const { role } = useWorkspace()
  return { edit: role !== "viewer", own: role === "owner" }
}
