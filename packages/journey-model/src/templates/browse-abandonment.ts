import type { Condition } from "../conditions/condition.ts"
import { greeting, templateShop } from "./letter.ts"
import { build, entry, exit, hasAddress, mail, split, type Template, wait } from "./parts.ts"

const ordered = { id: "ordered", name: { en: "Ordered", it: "Ha ordinato" } }

/** Looked at least twice within a day, and bought nothing for a week. */
const isInterested: Condition = {
  kind: "all",
  of: [
    hasAddress,
    { kind: "event-count", event: "Product Viewed", period: "P1D", atLeast: 2 },
    { kind: "event-count", event: "Order Completed", period: "P7D", atMost: 0 },
  ],
}

const seenProduct = (look: string): string =>
  `<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="margin:0 0 8px">
{% if entry.properties.image_url %}<tr><td style="padding:0 0 12px"><img src="{{ entry.properties.image_url }}" width="496" alt="" style="display:block;width:100%;border-radius:8px"></td></tr>
{% endif %}<tr><td style="padding:0 0 12px;font-size:18px;line-height:1.4"><b>{{ entry.properties.name | default: '${look}' }}</b></td></tr>
</table>`

const toProduct = `{{ entry.properties.url | default: '${templateShop}' }}`

/** One e-mail about a product that was looked at and not bought, to people who came back to the shop that day. */
export const browseAbandonment: Template = {
  needs: {
    events: {
      "Product Viewed": { properties: { name: "text", url: "text", image_url: "text" } },
      "Checkout Started": { properties: {} },
      "Order Completed": { properties: {} },
    },
    attributes: { email: "text", first_name: "text" },
  },
  journey: build(
    {
      name: { en: "Browse abandonment", it: "Navigazione abbandonata" },
      description: {
        en: "Reminds customers who looked at products and put nothing in the cart, at most every two weeks.",
        it: "Scrive ai clienti che hanno guardato prodotti senza acquistare, al massimo ogni due settimane.",
      },
      reentry: { mode: "after-exit", cooldown: "P14D" },
    },
    [
      entry(
        { en: "Looks at products", it: "Guarda prodotti" },
        { event: "Product Viewed", audience: isInterested, maxAge: "P1D" },
      ),
      wait(
        { id: "cart", name: { en: "Goes to the check-out?", it: "Va alla cassa?" } },
        {
          event: "Checkout Started",
          branch: { id: "checkout", name: { en: "Check-out begun", it: "Acquisto iniziato" } },
          timeout: "PT4H",
        },
      ),
      split({ id: "bought-already", name: { en: "Bought anyway?", it: "Ha comprato comunque?" } }, ordered, {
        kind: "event-count",
        event: "Order Completed",
        period: "since-entry",
        atLeast: 1,
      }),
      mail(
        { id: "seen", name: { en: "Seen today", it: "Visto oggi" } },
        {
          en: {
            subject: "Still on your mind?",
            preheader: "What you looked at is still here.",
            heading: "Still on your mind?",
            body: [greeting("Hello"), "You had a look at this, and it is still here for you:"],
            list: seenProduct("What you looked at"),
            button: { label: "Look again", href: toProduct },
            after: [
              "Not sure whether it is right for you? Reply to this e-mail with your question: a person answers.",
            ],
          },
          it: {
            subject: "Ci pensi ancora?",
            preheader: "Quello che hai guardato è ancora qui.",
            heading: "Ci pensi ancora?",
            body: [greeting("Ciao"), "hai guardato questo prodotto ed è ancora qui per te:"],
            list: seenProduct("Quello che hai guardato"),
            button: { label: "Guardalo di nuovo", href: toProduct },
            after: [
              "Non sai se fa per te? Rispondi a questa e-mail con la tua domanda: ti risponde una persona.",
            ],
          },
        },
      ),
      wait(
        { id: "three-days", name: { en: "Orders within three days?", it: "Ordina entro tre giorni?" } },
        { event: "Order Completed", branch: ordered, timeout: "P3D" },
      ),
      exit({ id: "went-on", name: { en: "Went on alone", it: "Ha proseguito da solo" } }, "went-on"),
      exit({ id: "bought", name: { en: "Bought", it: "Ha comprato" } }, "bought"),
      exit({ id: "just-looking", name: { en: "Just looking", it: "Solo un’occhiata" } }, "just-looking"),
    ],
    [
      "start > cart.checkout > went-on",
      "cart.timeout > bought-already.ordered > went-on",
      "bought-already.else > seen > three-days.ordered > bought",
      "three-days.timeout > just-looking",
    ],
  ),
}
