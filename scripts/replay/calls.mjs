/** Turns invoices into the calls that a shop's own Segment source would have made. */

/** Why an invoice makes no event; the replay counts these and says so at the end. */
export const SKIPPED = {
  nothingSold: "no line with a quantity and a price above 0 (lost, damaged, given away)",
  notAnOrder: "number is neither an order's nor a cancellation's (bad debt and the like)",
}

/**
 * `{ calls }` of one invoice, or `{ skipped }` with the reason. `identified` is the set of customers whose identify
 * call has been made; it is added to. Message ids come from the file, so that a call sent again is recognised.
 */
export function planCalls(invoice, identified) {
  const { number, customerId } = invoice
  if (/^C/.test(number))
    return { calls: [track(invoice, "Order Refunded", `refund:${number}`, refunded(invoice))] }
  if (!/^\d+$/.test(number)) return { skipped: SKIPPED.notAnOrder }
  if (!invoice.hasSale) return { skipped: SKIPPED.nothingSold }
  const order = track(invoice, "Order Completed", `order:${number}`, completed(invoice))
  if (customerId === "" || identified.has(customerId)) return { calls: [order] }
  identified.add(customerId)
  return { calls: [identify(invoice), order] }
}

/** Groups what is in order of time by its instant: `[{ at, invoices }]`. */
export function groupByInstant(invoices) {
  const groups = []
  for (const invoice of invoices) {
    const last = groups.at(-1)
    if (last?.at === invoice.at) last.invoices.push(invoice)
    else groups.push({ at: invoice.at, invoices: [invoice] })
  }
  return groups
}

const completed = ({ number, total, products, country }) => ({
  order_id: number,
  total,
  currency: "GBP",
  products,
  country,
})

/** A cancellation's lines have negative quantities; the money that went back is said as a positive sum. */
const refunded = ({ number, total }) => ({ order_id: number, total: total === 0 ? 0 : -total })

function identify({ at, customerId, country }) {
  const traits = { email: `${customerId}@customers.example`, country }
  return { type: "identify", messageId: `identify:${customerId}`, userId: customerId, traits, ...common(at) }
}

function track({ at, number, customerId }, event, messageId, properties) {
  const who = customerId === "" ? { anonymousId: `guest-${number}` } : { userId: customerId }
  return { type: "track", event, messageId, ...who, properties, ...common(at) }
}

const common = at => ({
  timestamp: new Date(at).toISOString(),
  context: { library: { name: "viaggio-replay", version: "1" } },
})
