import type { Tone } from "../ui/Tag.tsx"
import type { ImportView } from "./import.ts"

export const stateTone: { [S in ImportView["state"]]: Tone } = {
  uploaded: "data",
  checking: "wait",
  checked: "message",
  importing: "wait",
  imported: "entry",
  cancelled: "exit",
  failed: "danger",
}
