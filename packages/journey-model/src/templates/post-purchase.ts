import { greeting, productRows, templateShop } from "./letter.ts"
import { build, delay, entry, exit, hasAddress, mail, split, type Template, wait } from "./parts.ts"

const afterwards = { id: "settle", name: { en: "Time to try it out", it: "Tempo per provarlo" } }

/** Thanks that know a first order from a later one, then a question for a review once the parcel has been opened. */
export const postPurchase: Template = {
  needs: {
    events: {
      "Order Completed": { properties: { products: "list", currency: "text" } },
      "Product Reviewed": { properties: {} },
    },
    attributes: { email: "text", first_name: "text" },
  },
  journey: build(
    {
      name: { en: "Thank-you and review", it: "Grazie e recensione" },
      description: {
        en: "Thanks for the order, in other words for a first one, and asks for a review twelve days later.",
        it: "Ringrazia per l’ordine, con parole diverse per il primo, e dodici giorni dopo chiede una recensione.",
      },
      reentry: { mode: "after-exit", cooldown: "P14D" },
    },
    [
      entry({ en: "Order", it: "Ordine" }, { event: "Order Completed", audience: hasAddress, maxAge: "P1D" }),
      delay({ id: "an-hour", name: { en: "An hour later", it: "Un’ora dopo" } }, "PT1H"),
      split(
        { id: "known", name: { en: "Ordered before?", it: "Aveva già ordinato?" } },
        { id: "again", name: { en: "Ordered before", it: "Aveva già ordinato" } },
        { kind: "event-count", event: "Order Completed", atLeast: 2 },
      ),
      mail(
        { id: "thanks-again", name: { en: "Thanks again", it: "Grazie ancora" } },
        {
          en: {
            subject: "Thank you for coming back",
            preheader: "Good to see you again. This is what is on its way.",
            heading: "Good to see you again",
            body: [
              greeting("Hello"),
              "Thank you for ordering from us again. We are packing it now; this is what you chose:",
            ],
            list: productRows,
            after: ["You will hear from us again when the parcel leaves the house."],
          },
          it: {
            subject: "Grazie di averci scelto ancora",
            preheader: "Che bello rivederti. Ecco che cosa sta per partire.",
            heading: "Che bello rivederti",
            body: [
              greeting("Ciao"),
              "grazie per aver ordinato di nuovo da noi. Stiamo preparando il pacco; ecco che cosa hai scelto:",
            ],
            list: productRows,
            after: ["Ti scriviamo ancora quando il pacco parte."],
          },
        },
      ),
      mail(
        { id: "first-thanks", name: { en: "First thanks", it: "Primo grazie" } },
        {
          en: {
            subject: "Thank you for your first order",
            preheader: "What happens now, and whom to ask.",
            heading: "Thank you for your trust",
            body: [greeting("Hello"), "Your first order is with us, and we are packing it now:"],
            list: productRows,
            after: [
              "You will hear from us when the parcel leaves the house. If something is not as it should be, you have 30 days to send it back, free of charge.",
              "A question? Reply to this e-mail: a person reads it.",
            ],
          },
          it: {
            subject: "Grazie per il tuo primo ordine",
            preheader: "Che cosa succede adesso e a chi chiedere.",
            heading: "Grazie per la fiducia",
            body: [greeting("Ciao"), "il tuo primo ordine è arrivato e stiamo preparando il pacco:"],
            list: productRows,
            after: [
              "Ti scriviamo quando il pacco parte. Se qualcosa non va come dovrebbe, hai 30 giorni per restituirlo gratuitamente.",
              "Una domanda? Rispondi a questa e-mail: la legge una persona.",
            ],
          },
        },
      ),
      delay(afterwards, "P12D"),
      mail(
        { id: "ask", name: { en: "Ask for a review", it: "Chiedi una recensione" } },
        {
          en: {
            subject: "How do you like it?",
            preheader: "Two sentences help others to choose.",
            heading: "How do you like it?",
            body: [
              greeting("Hello"),
              "You have had some days with what you ordered. Would you tell others what it is like? Two honest sentences are enough, also where something could be better.",
            ],
            list: productRows,
            button: { label: "Write a review", href: `${templateShop}/reviews` },
          },
          it: {
            subject: "Come ti trovi?",
            preheader: "Due frasi aiutano gli altri a scegliere.",
            heading: "Come ti trovi?",
            body: [
              greeting("Ciao"),
              "hai avuto qualche giorno per provare quello che hai ordinato. Ci racconti com’è? Bastano due frasi sincere, anche su quello che si può migliorare.",
            ],
            list: productRows,
            button: { label: "Scrivi una recensione", href: `${templateShop}/reviews` },
          },
        },
      ),
      wait(
        { id: "review", name: { en: "Writes a review?", it: "Scrive una recensione?" } },
        {
          event: "Product Reviewed",
          branch: { id: "reviewed", name: { en: "Reviewed", it: "Ha recensito" } },
          timeout: "P7D",
        },
      ),
      mail(
        { id: "thanks-review", name: { en: "Thanks for the review", it: "Grazie per la recensione" } },
        {
          en: {
            subject: "Thank you for your review",
            preheader: "It helps others, and it helps us.",
            heading: "That helps a lot",
            body: [
              greeting("Hello"),
              "Thank you for taking the time. Your review helps others to choose, and us to get better. We read every one of them.",
            ],
            button: { label: "See what is new", href: `${templateShop}/new` },
          },
          it: {
            subject: "Grazie per la recensione",
            preheader: "Aiuta gli altri, e aiuta noi.",
            heading: "È un grande aiuto",
            body: [
              greeting("Ciao"),
              "grazie per il tempo che ci hai dedicato. La tua recensione aiuta gli altri a scegliere e noi a migliorare. Le leggiamo tutte.",
            ],
            button: { label: "Guarda le novità", href: `${templateShop}/new` },
          },
        },
      ),
      exit({ id: "reviewed", name: { en: "Reviewed", it: "Ha recensito" } }, "reviewed"),
      exit({ id: "done", name: { en: "No review", it: "Nessuna recensione" } }, "no-review"),
    ],
    [
      "start > an-hour > known.again > thanks-again > settle > ask > review.reviewed > thanks-review > reviewed",
      "known.else > first-thanks > settle",
      "review.timeout > done",
    ],
  ),
}
