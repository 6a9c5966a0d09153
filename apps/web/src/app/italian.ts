import type { Messages } from "./catalogue.ts"

/** The Italian catalogues by their paths: one file for those who speak it, none for others. */
export const italianFiles = import.meta.glob<Messages>("../*/messages.it.json", {
  eager: true,
  import: "default",
})
