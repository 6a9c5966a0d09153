import { greeting, productRows, templateShop } from "./letter.ts"
import { build, entry, exit, hasAddress, mail, type Template, wait } from "./parts.ts"

const ordered = { id: "ordered", name: { en: "Ordered", it: "Ha ordinato" } }
const toCheckout = `{{ entry.properties.checkout_url | default: '${templateShop}/cart' }}`

/** Two reminders of a check-out that was begun and left, each only while no order has come. */
export const abandonedCart: Template = {
  needs: {
    events: {
      "Checkout Started": { properties: { products: "list", currency: "text", checkout_url: "text" } },
      "Order Completed": { properties: {} },
    },
    attributes: { email: "text", first_name: "text" },
  },
  journey: build(
    {
      name: { en: "Abandoned cart", it: "Carrello abbandonato" },
      description: {
        en: "Reminds customers of what they left at the check-out: after three hours, and once more the next day.",
        it: "Ricorda ai clienti ciò che hanno lasciato alla cassa: dopo tre ore e ancora una volta il giorno dopo.",
      },
      reentry: { mode: "after-exit", cooldown: "P3D" },
    },
    [
      entry(
        { en: "Check-out begun", it: "Acquisto iniziato" },
        { event: "Checkout Started", audience: hasAddress, maxAge: "P1D" },
      ),
      wait(
        { id: "finishes", name: { en: "Finishes alone?", it: "Conclude da solo?" } },
        { event: "Order Completed", branch: ordered, timeout: "PT3H" },
      ),
      mail(
        { id: "reminder", name: { en: "Your cart is waiting", it: "Il carrello ti aspetta" } },
        {
          en: {
            subject: "You left something behind",
            preheader: "Your cart is as you left it: two clicks and it is yours.",
            heading: "Your cart is waiting",
            body: [greeting("Hello"), "You were nearly there. We kept everything as you left it:"],
            list: productRows,
            button: { label: "Finish the order", href: toCheckout },
            after: [
              "Did something not work? Reply to this e-mail and tell us what happened: we will sort it out.",
            ],
          },
          it: {
            subject: "Hai dimenticato qualcosa",
            preheader: "Il carrello è come l’hai lasciato: bastano due clic.",
            heading: "Il tuo carrello ti aspetta",
            body: [greeting("Ciao"), "mancava poco. Abbiamo tenuto tutto come l’hai lasciato:"],
            list: productRows,
            button: { label: "Concludi l’ordine", href: toCheckout },
            after: [
              "Qualcosa non ha funzionato? Rispondi a questa e-mail e dicci che cosa è successo: ci pensiamo noi.",
            ],
          },
        },
      ),
      wait(
        { id: "a-day", name: { en: "Orders within a day?", it: "Ordina entro un giorno?" } },
        { event: "Order Completed", branch: ordered, timeout: "P1D" },
      ),
      mail(
        { id: "last-reminder", name: { en: "Last reminder", it: "Ultimo promemoria" } },
        {
          en: {
            subject: "Shall we put it back on the shelf?",
            preheader: "This is the last time we mention it.",
            heading: "Still thinking about it?",
            body: [
              greeting("Hello"),
              "This is the last time we mention it: what you chose is still in your cart, and returns are free for 30 days if it does not fit.",
            ],
            list: productRows,
            button: { label: "Back to my cart", href: toCheckout },
          },
          it: {
            subject: "Lo rimettiamo sullo scaffale?",
            preheader: "È l’ultima volta che te ne parliamo.",
            heading: "Ci stai ancora pensando?",
            body: [
              greeting("Ciao"),
              "è l’ultima volta che te ne parliamo: quello che hai scelto è ancora nel carrello, e se non va bene il reso è gratuito per 30 giorni.",
            ],
            list: productRows,
            button: { label: "Torna al carrello", href: toCheckout },
          },
        },
      ),
      wait(
        { id: "two-days", name: { en: "Orders within two days?", it: "Ordina entro due giorni?" } },
        { event: "Order Completed", branch: ordered, timeout: "P2D" },
      ),
      exit({ id: "bought", name: { en: "Bought", it: "Ha comprato" } }, "bought"),
      exit({ id: "left", name: { en: "Left it", it: "Ha rinunciato" } }, "left-it"),
    ],
    [
      "start > finishes.ordered > bought",
      "finishes.timeout > reminder > a-day.ordered > bought",
      "a-day.timeout > last-reminder > two-days.ordered > bought",
      "two-days.timeout > left",
    ],
  ),
}
