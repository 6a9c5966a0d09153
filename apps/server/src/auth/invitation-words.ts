/** The invitation's mail; it is written in the workspace's language. */
export const invitationWords = {
  en: {
    subject: (workspace: string) => `You are invited to ${workspace} in Viaggio`,
    greeting: (by: string, workspace: string) => `${by} invites you to work on ${workspace} in Viaggio.`,
    open: "Open the invitation",
    expires: (days: number) => `The link works once, within ${days} days.`,
    ignore: "If you did not expect it, do nothing: nobody is added without opening the link.",
  },
  it: {
    subject: (workspace: string) => `Sei invitato in ${workspace} su Viaggio`,
    greeting: (by: string, workspace: string) => `${by} ti invita a lavorare su ${workspace} in Viaggio.`,
    open: "Apri l'invito",
    expires: (days: number) => `Il link funziona una volta sola, entro ${days} giorni.`,
    ignore: "Se non lo aspettavi, non fare nulla: senza aprire il link non viene aggiunto nessuno.",
  },
} as const
