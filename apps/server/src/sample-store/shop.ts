import { draw, type JsonObject, templateShop } from "@viaggio/journey-model"

/** A call as a shop's page would send it; `hour`: when, since the customer's first visit. */
export type ShopCall = { hour: number; call: JsonObject }

type Product = { product_id: string; name: string; category: string; price: number; replenishable?: true }

const products: { [language in "en" | "it"]: Product[] } = {
  en: [
    { product_id: "p1", name: "Linen shirt", category: "Shirts", price: 59 },
    { product_id: "p2", name: "Leather bag", category: "Bags", price: 189 },
    { product_id: "p3", name: "Wool scarf", category: "Accessories", price: 39 },
    { product_id: "p4", name: "Day cream", category: "Care", price: 28, replenishable: true },
    { product_id: "p5", name: "Coffee beans, 1 kg", category: "Pantry", price: 19, replenishable: true },
    { product_id: "p6", name: "Running shoes", category: "Shoes", price: 129 },
  ],
  it: [
    { product_id: "p1", name: "Camicia di lino", category: "Camicie", price: 59 },
    { product_id: "p2", name: "Borsa di pelle", category: "Borse", price: 189 },
    { product_id: "p3", name: "Sciarpa di lana", category: "Accessori", price: 39 },
    { product_id: "p4", name: "Crema da giorno", category: "Cura", price: 28, replenishable: true },
    { product_id: "p5", name: "Caffè in grani, 1 kg", category: "Dispensa", price: 19, replenishable: true },
    { product_id: "p6", name: "Scarpe da corsa", category: "Scarpe", price: 129 },
  ],
}

const firstNames = [
  "Anna",
  "Marco",
  "Giulia",
  "Luca",
  "Sofia",
  "Matteo",
  "Emma",
  "Paolo",
  "Chiara",
  "Davide",
  "Laura",
  "Simone",
  "Elena",
  "Andrea",
  "Marta",
  "Pietro",
]
const lastNames = [
  "Rossi",
  "Bianchi",
  "Ferrari",
  "Russo",
  "Gallo",
  "Costa",
  "Fontana",
  "Conti",
  "Ricci",
  "Moretti",
]
const sources = ["newsletter", "search", "store", "friend"]

/** No story goes on for longer, in hours. */
export const LONGEST_STORY = 240

/**
 * What the n-th customer of a made-up shop does, from their account on: the same for the same seed. Some only look,
 * some leave a cart behind, some buy, and a few of those say what they think of it. No address can be reached.
 */
export function storyOf(seed: string, n: number, language: "en" | "it"): ShopCall[] {
  const chance = (what: string) => draw(`${seed}:${n}`, what, "")
  const pick = <T>(list: readonly T[], what: string): T => list[Math.floor(chance(what) * list.length)]!
  const userId = `sample-${seed}-${n}`
  const calls: ShopCall[] = []
  const add = (hour: number, call: JsonObject) => {
    if (hour < LONGEST_STORY) calls.push({ hour, call: { ...call, userId } })
  }
  const track = (hour: number, event: string, properties: JsonObject) =>
    add(hour, { type: "track", event, properties })

  const firstName = pick(firstNames, "first name")
  add(0, {
    type: "identify",
    traits: {
      email: `${firstName.toLowerCase()}.${seed}-${n}@example.com`,
      first_name: firstName,
      last_name: pick(lastNames, "last name"),
      country: chance("country") < 0.7 ? "IT" : pick(["FR", "DE", "ES"], "abroad"),
      language,
    },
  })
  track(0, "Account Created", { source: pick(sources, "source") })

  const looks = Math.floor(chance("looks") * 4)
  for (let i = 0; i < looks; i += 1) {
    const product = pick(products[language], `look ${i}`)
    track(1 + chance(`look at ${i}`) * 60, "Product Viewed", shown(product))
  }
  if (chance("cart") < 0.6) {
    const at = 2 + chance("cart at") * 70
    const chosen = pick(products[language], "cart product")
    const quantity = 1 + Math.floor(chance("quantity") * 2)
    const cart = [{ ...inCart(chosen), quantity }]
    const total = chosen.price * quantity
    track(at, "Checkout Started", {
      checkout_id: `c-${n}`,
      value: total,
      currency: "EUR",
      checkout_url: `${templateShop}/checkout/c-${n}`,
      products: cart,
    })
    if (chance("buys") < 0.55) {
      const boughtAt = at + 0.2 + chance("buys at") ** 3 * 40
      track(boughtAt, "Order Completed", {
        order_id: `o-${n}`,
        total,
        currency: "EUR",
        replenishable: chosen.replenishable === true,
        products: cart,
      })
      if (chance("reviews") < 0.2)
        track(boughtAt + 72 + chance("reviews at") * 72, "Product Reviewed", {
          product_id: chosen.product_id,
          rating: 2 + Math.floor(chance("rating") * 4),
        })
    }
  }
  return calls.sort((a, b) => a.hour - b.hour)
}

const addressOf = ({ product_id }: Product) => ({
  url: `${templateShop}/p/${product_id}`,
  image_url: `${templateShop}/p/${product_id}.jpg`,
})

const shown = (product: Product): JsonObject => {
  const { product_id, name, category, price } = product
  return { product_id, name, category, price, ...addressOf(product) }
}

const inCart = (product: Product) => {
  const { name, price } = product
  return { name, price, ...addressOf(product) }
}

/** New customers in each hour. */
export const NEWCOMERS = 4

/**
 * All that happens in one hour of the shop's life, in order of time; `at`: how much of the hour is over then. The same
 * hour of the same shop is the same each time it is asked for.
 */
export function hourOf(
  seed: string,
  hour: number,
  language: "en" | "it",
): { at: number; messageId: string; call: JsonObject }[] {
  const happening: { at: number; messageId: string; call: JsonObject }[] = []
  const oldest = Math.max(0, hour - LONGEST_STORY) * NEWCOMERS
  for (let n = oldest; n < (hour + 1) * NEWCOMERS; n += 1) {
    const begunAt = Math.floor(n / NEWCOMERS) + draw(`${seed}:${n}`, "comes at", "") * 0.9
    for (const [i, { hour: after, call }] of storyOf(seed, n, language).entries()) {
      const at = begunAt + after - hour
      if (at >= 0 && at < 1) happening.push({ at, messageId: `sample:${seed}:${n}:${i}`, call })
    }
  }
  return happening.sort((a, b) => a.at - b.at)
}
