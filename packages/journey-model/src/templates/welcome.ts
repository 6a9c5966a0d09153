import { greeting, link, templateShop } from "./letter.ts"
import { build, entry, exit, hasAddress, mail, split, type Template, wait } from "./parts.ts"

const ordered = { id: "ordered", name: { en: "Ordered", it: "Ha ordinato" } }

/** A code for the first order, a reminder to those who looked around, a helping hand to those who did not. */
export const welcome: Template = {
  needs: {
    events: {
      "Account Created": { properties: {} },
      "Product Viewed": { properties: {} },
      "Order Completed": { properties: {} },
    },
    attributes: { email: "text", first_name: "text" },
  },
  journey: build(
    {
      name: { en: "Welcome with coupon", it: "Benvenuto con coupon" },
      description: {
        en: "Greets new customers with a code for their first order, and reminds those who have not used it.",
        it: "Dà il benvenuto ai nuovi clienti con un codice per il primo ordine e lo ricorda a chi non l’ha usato.",
      },
      reentry: { mode: "once" },
    },
    [
      entry(
        { en: "New account", it: "Nuovo account" },
        { event: "Account Created", audience: hasAddress, maxAge: "P1D" },
      ),
      mail(
        { id: "welcome", name: { en: "Welcome", it: "Benvenuto" } },
        {
          en: {
            subject: "Welcome! Here is 10 % off your first order",
            preheader: "Your code is inside, and it holds for everything in the shop.",
            heading: "Good to have you with us",
            body: [
              greeting("Hello"),
              "Thank you for joining us. To make your start easier, your first order is 10 % off. Type this code at the check-out:",
            ],
            code: "WELCOME10",
            button: { label: "Look around", href: templateShop },
            after: [
              "The code holds for everything in the shop and can be used once. If you have a question, reply to this e-mail: a person reads it.",
            ],
          },
          it: {
            subject: "Ti diamo il benvenuto con il 10 % di sconto",
            preheader: "Il tuo codice è qui dentro e vale su tutto il negozio.",
            heading: "Che bello averti con noi",
            body: [
              greeting("Ciao"),
              "grazie per averci scelto. Per cominciare bene, il tuo primo ordine ha il 10 % di sconto. Inserisci questo codice alla cassa:",
            ],
            code: "WELCOME10",
            button: { label: "Dai un’occhiata", href: templateShop },
            after: [
              "Il codice vale su tutto il negozio e si usa una volta. Se hai una domanda, rispondi a questa e-mail: la legge una persona.",
            ],
          },
        },
      ),
      wait(
        { id: "first-order", name: { en: "First order?", it: "Primo ordine?" } },
        { event: "Order Completed", branch: ordered, timeout: "P3D", since: "entry" },
      ),
      split(
        { id: "interested", name: { en: "Has looked around?", it: "Ha dato un’occhiata?" } },
        { id: "browsing", name: { en: "Has looked around", it: "Ha guardato prodotti" } },
        { kind: "event-count", event: "Product Viewed", period: "since-entry", atLeast: 1 },
      ),
      mail(
        { id: "reminder", name: { en: "Code still waiting", it: "Codice in attesa" } },
        {
          en: {
            subject: "Your 10 % is still waiting",
            preheader: "One code, one order, everything in the shop.",
            heading: "Found something you like?",
            body: [
              greeting("Hello"),
              "You have had a look around, and your 10 % is still unused. It comes off any order when you type the code at the check-out:",
            ],
            code: "WELCOME10",
            button: { label: "Back to the shop", href: templateShop },
          },
          it: {
            subject: "Il tuo 10 % ti aspetta ancora",
            preheader: "Un codice, un ordine, tutto il negozio.",
            heading: "Hai visto qualcosa che ti piace?",
            body: [
              greeting("Ciao"),
              "hai dato un’occhiata al negozio e il tuo 10 % è ancora lì. Vale su qualsiasi ordine: inserisci il codice alla cassa.",
            ],
            code: "WELCOME10",
            button: { label: "Torna al negozio", href: templateShop },
          },
        },
      ),
      mail(
        { id: "first-steps", name: { en: "Where to begin", it: "Da dove cominciare" } },
        {
          en: {
            subject: "Three good places to begin",
            preheader: "What is new, what others love, and what makes a good present.",
            heading: "Not sure where to begin?",
            body: [
              greeting("Hello"),
              "These are the three shelves that most people start with:",
              `${link("What is new", "new")}: everything that came in this month.`,
              `${link("Favourites", "favourites")}: what others buy again and again.`,
              `${link("Presents", "presents")}: small things that always fit.`,
              "And your 10 % for the first order still holds:",
            ],
            code: "WELCOME10",
          },
          it: {
            subject: "Tre buoni posti da cui cominciare",
            preheader: "Le novità, i più amati e le idee regalo.",
            heading: "Non sai da dove cominciare?",
            body: [
              greeting("Ciao"),
              "questi sono i tre scaffali da cui partono quasi tutti:",
              `${link("Le novità", "new")}: tutto quello che è arrivato questo mese.`,
              `${link("I più amati", "favourites")}: quello che gli altri ricomprano.`,
              `${link("Idee regalo", "presents")}: piccole cose che vanno sempre bene.`,
              "E il tuo 10 % sul primo ordine vale ancora:",
            ],
            code: "WELCOME10",
          },
        },
      ),
      wait(
        { id: "second-chance", name: { en: "Order after all?", it: "Ordina adesso?" } },
        { event: "Order Completed", branch: ordered, timeout: "P7D" },
      ),
      exit({ id: "bought", name: { en: "Bought", it: "Ha comprato" } }, "bought"),
      exit({ id: "not-yet", name: { en: "Not yet", it: "Non ancora" } }, "not-yet"),
    ],
    [
      "start > welcome > first-order.ordered > bought",
      "first-order.timeout > interested.browsing > reminder > second-chance.ordered > bought",
      "interested.else > first-steps > second-chance.timeout > not-yet",
    ],
  ),
}
