import { greeting, productRows, templateShop } from "./letter.ts"
import { build, entry, exit, hasAddress, mail, type Template, wait } from "./parts.ts"

const ordered = { id: "ordered", name: { en: "Ordered again", it: "Ha riordinato" } }

/** For what is used up: a reminder before it runs out, unless it was ordered again in the meantime. */
export const replenishment: Template = {
  needs: {
    events: {
      "Order Completed": { properties: { replenishable: "boolean", products: "list", currency: "text" } },
    },
    attributes: { email: "text", first_name: "text" },
  },
  journey: build(
    {
      name: { en: "Replenishment", it: "Riordino" },
      description: {
        en: "Reminds customers to order again before what they bought is used up, 25 days after the order.",
        it: "Ricorda ai clienti di riordinare prima che il prodotto finisca, 25 giorni dopo l’ordine.",
      },
      reentry: { mode: "after-exit", cooldown: "PT0S" },
    },
    [
      entry(
        { en: "Order of something that is used up", it: "Ordine di qualcosa che si consuma" },
        {
          event: "Order Completed",
          where: { kind: "property", path: "replenishable", is: "equals", value: true },
          audience: hasAddress,
          maxAge: "P1D",
        },
      ),
      wait(
        { id: "in-use", name: { en: "Orders by itself?", it: "Riordina da solo?" } },
        { event: "Order Completed", branch: ordered, timeout: "P25D" },
      ),
      mail(
        { id: "running-low", name: { en: "Running low?", it: "Sta per finire?" } },
        {
          en: {
            subject: "Running low?",
            preheader: "Order again today and you will not run out.",
            heading: "Time for more?",
            body: [
              greeting("Hello"),
              "By our reckoning, what you ordered last time will be used up in a few days:",
            ],
            list: productRows,
            button: { label: "Order again", href: `${templateShop}/account/orders` },
            after: [
              "Is there plenty left? Then forget this e-mail: we will not write again about this order.",
            ],
          },
          it: {
            subject: "Sta per finire?",
            preheader: "Riordina oggi e non resterai senza.",
            heading: "È ora di fare scorta?",
            body: [
              greeting("Ciao"),
              "secondo i nostri conti, quello che hai ordinato l’ultima volta finirà tra pochi giorni:",
            ],
            list: productRows,
            button: { label: "Riordina", href: `${templateShop}/account/orders` },
            after: [
              "Ne hai ancora molto? Allora dimentica questa e-mail: per questo ordine non ti scriviamo più.",
            ],
          },
        },
      ),
      wait(
        { id: "after-reminder", name: { en: "Orders again?", it: "Riordina?" } },
        { event: "Order Completed", branch: ordered, timeout: "P10D" },
      ),
      exit({ id: "restocked", name: { en: "Restocked", it: "Rifornito" } }, "restocked"),
      exit({ id: "no-need", name: { en: "No need", it: "Non serve" } }, "no-need"),
    ],
    [
      "start > in-use.ordered > restocked",
      "in-use.timeout > running-low > after-reminder.ordered > restocked",
      "after-reminder.timeout > no-need",
    ],
  ),
}
