/** What one customer does in the benches, in Segment's format. Two identifiers an event. */
export const customerCalls = (i: number, began: number): { first: object[]; later: object[] } => {
  const userId = `user-${i}`
  const both = { userId, anonymousId: `anon-${i}` }
  const at = (ms: number) => new Date(began + ms + (i % 1_000)).toISOString()
  const traits = {
    email: `${userId}@example.com`,
    first_name: `Name${i}`,
    plan: i % 3 === 0 ? "pro" : "free",
    tags: ["a", "b"],
  }
  return {
    first: [
      { type: "identify", ...both, timestamp: at(0), traits, messageId: `i${i}` },
      {
        type: "track",
        ...both,
        timestamp: at(0),
        event: "Account Created",
        properties: { source: "ads" },
        messageId: `a${i}`,
      },
    ],
    later:
      i % 2 === 0
        ? [
            {
              type: "track",
              ...both,
              timestamp: at(30_000),
              event: "Order Completed",
              properties: { total: i },
              messageId: `o${i}`,
            },
          ]
        : [],
  }
}

/** Calls of many customers: all sign-ups first, then the orders of every second one. */
export const callsOf = (customers: number, began: number): object[] => {
  const all = Array.from({ length: customers }, (_, i) => customerCalls(i, began))
  return [...all.flatMap(c => c.first), ...all.flatMap(c => c.later)]
}

/** What visitors do who are no customers: no journey takes them. Two calls of two identifiers each. */
export const visitsOf = (visitors: number): object[] =>
  Array.from({ length: visitors }, (_, i) => {
    const both = { userId: `visitor-${i}`, anonymousId: `visit-${i}` }
    return [
      { type: "identify", ...both, traits: { email: `visitor-${i}@example.com` }, messageId: `vi${i}` },
      { type: "track", ...both, event: "Product Viewed", properties: { price: i }, messageId: `vt${i}` },
    ]
  }).flat()
