import { createContext, useContext } from "react"

/** The workspace on screen: one brand's world, or a sandbox of it with a clock of its own. */
export type WorkspaceSummary = {
  id: string
  name: string
  /** IANA zone, e.g. `Europe/Rome`: all times of the workspace are shown in it. */
  zone: string
  language: string
  sandbox: boolean
  /** What the person on screen is here. */
  role: "viewer" | "editor" | "owner"
  /** The sandbox's present instant; absent in a workspace that lives in real time. */
  now?: string | number | undefined
}

export const WorkspaceContext = createContext<WorkspaceSummary | undefined>(undefined)

/** The workspace of the address; throws outside `/w/$workspace`, where no page should ask. */
export function useWorkspace(): WorkspaceSummary {
  const workspace = useContext(WorkspaceContext)
  if (!workspace) throw new Error("useWorkspace outside of a workspace")
  return workspace
}

/** The workspace's zone; before one is chosen (sign-in, set-up) the browser's. */
export function useZone(): string {
  return useContext(WorkspaceContext)?.zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone
}
