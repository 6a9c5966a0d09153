import type { Sender, Workspace } from "../workspaces/workspace.ts"

/** The address used where a workspace has set no sender. */
export const fallbackSender = (publicUrl: string): string => {
  const { hostname } = new URL(publicUrl)
  return `viaggio@${hostname.includes(".") ? hostname : "viaggio.localhost"}`
}

/** Whom a message comes from: what its node says, else the workspace's sender. */
export const senderOf = (
  workspace: Pick<Workspace, "name" | "settings">,
  from: Partial<Sender> | undefined,
  fallback: string,
): { name: string; address: string } => {
  const { sender } = workspace.settings
  return {
    name: from?.name ?? sender?.name ?? workspace.name,
    address: from?.email ?? sender?.email ?? fallback,
  }
}
