import { createContext, useContext } from "react"
import { useStore } from "zustand"
import type { Session, SessionState } from "./session.ts"

export const SessionContext = createContext<Session | undefined>(undefined)

/** The session of the journey on the screen. */
export function useSession(): Session {
  const session = useContext(SessionContext)
  if (!session) throw new Error("useSession outside of a SessionContext")
  return session
}

/** A part of the session's state; the component renders again only when that part changes. */
export function useSessionState<T>(selector: (state: SessionState) => T): T {
  return useStore(useSession().store, selector)
}
