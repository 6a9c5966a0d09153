import { greeting, templateShop } from "./letter.ts"
import { build, entry, exit, hasAddress, mail, type Template, wait } from "./parts.ts"

const back = { id: "back", name: { en: "Came back", it: "È tornato" } }

/** Waits for the next order after every order; who stays away for 90 days is written to, later with an offer. */
export const winBack: Template = {
  needs: {
    events: { "Order Completed": { properties: {} } },
    attributes: { email: "text", first_name: "text" },
  },
  journey: build(
    {
      name: { en: "Win-back", it: "Riconquista" },
      description: {
        en: "Writes to customers who have ordered nothing for 90 days, and two weeks later makes them an offer.",
        it: "Scrive ai clienti che non ordinano da 90 giorni e, due settimane dopo, fa loro un’offerta.",
      },
      reentry: { mode: "after-exit", cooldown: "PT0S" },
    },
    [
      entry(
        { en: "Latest order", it: "Ultimo ordine" },
        { event: "Order Completed", audience: hasAddress, maxAge: "P1D" },
      ),
      wait(
        { id: "next-order", name: { en: "Orders within 90 days?", it: "Ordina entro 90 giorni?" } },
        {
          event: "Order Completed",
          branch: { id: "active", name: { en: "Orders again", it: "Ordina ancora" } },
          timeout: "P90D",
        },
      ),
      mail(
        { id: "miss-you", name: { en: "What is new", it: "Che cosa c’è di nuovo" } },
        {
          en: {
            subject: "It has been a while",
            preheader: "Here is what has come in since you were last here.",
            heading: "It has been a while",
            body: [
              greeting("Hello"),
              "It has been three months since your last order, and much is new. Come and have a look at what has come in since then.",
            ],
            button: { label: "See what is new", href: `${templateShop}/new` },
            after: [
              "Was something not right last time? Reply to this e-mail and tell us: we would like to do better.",
            ],
          },
          it: {
            subject: "È passato un po’ di tempo",
            preheader: "Ecco che cosa è arrivato dall’ultima volta.",
            heading: "È passato un po’ di tempo",
            body: [
              greeting("Ciao"),
              "sono passati tre mesi dal tuo ultimo ordine e le novità sono tante. Vieni a vedere che cosa è arrivato nel frattempo.",
            ],
            button: { label: "Guarda le novità", href: `${templateShop}/new` },
            after: [
              "L’ultima volta qualcosa non è andato bene? Rispondi a questa e-mail e raccontacelo: vogliamo fare meglio.",
            ],
          },
        },
      ),
      wait(
        { id: "two-weeks", name: { en: "Back within two weeks?", it: "Torna entro due settimane?" } },
        { event: "Order Completed", branch: back, timeout: "P14D" },
      ),
      mail(
        { id: "offer", name: { en: "An offer", it: "Un’offerta" } },
        {
          en: {
            subject: "15 % off, to see you again",
            preheader: "A code for your next order.",
            heading: "We would like to see you again",
            body: [
              greeting("Hello"),
              "So that coming back is easy, your next order is 15 % off. Type this code at the check-out:",
            ],
            code: "COMEBACK15",
            button: { label: "Back to the shop", href: templateShop },
            after: [
              "The code can be used once. If you would rather not hear from us, one click below is enough.",
            ],
          },
          it: {
            subject: "15 % di sconto per rivederti",
            preheader: "Un codice per il tuo prossimo ordine.",
            heading: "Ci piacerebbe rivederti",
            body: [
              greeting("Ciao"),
              "per rendere facile il ritorno, il tuo prossimo ordine ha il 15 % di sconto. Inserisci questo codice alla cassa:",
            ],
            code: "COMEBACK15",
            button: { label: "Torna al negozio", href: templateShop },
            after: [
              "Il codice si usa una volta. Se preferisci non ricevere più notizie, basta un clic qui sotto.",
            ],
          },
        },
      ),
      wait(
        { id: "last-wait", name: { en: "Back after the offer?", it: "Torna dopo l’offerta?" } },
        { event: "Order Completed", branch: back, timeout: "P14D" },
      ),
      exit({ id: "still-active", name: { en: "Still active", it: "Ancora attivo" } }, "still-active"),
      exit({ id: "won-back", name: { en: "Won back", it: "Riconquistato" } }, "won-back"),
      exit({ id: "gone", name: { en: "Gone", it: "Perso" } }, "gone"),
    ],
    [
      "start > next-order.active > still-active",
      "next-order.timeout > miss-you > two-weeks.back > won-back",
      "two-weeks.timeout > offer > last-wait.back > won-back",
      "last-wait.timeout > gone",
    ],
  ),
}
