import { expect, test } from "vitest"
import { groupByInstant, planCalls, SKIPPED } from "./calls.mjs"

const order = {
  number: "536365",
  at: Date.UTC(2010, 11, 1, 8, 26),
  customerId: "17850",
  country: "United Kingdom",
  total: 139.12,
  products: 7,
  hasSale: true,
}

test("a customer is identified before the first order and only then", () => {
  const identified = new Set()
  const first = planCalls(order, identified).calls
  const second = planCalls({ ...order, number: "536400" }, identified).calls
  expect(first.map(call => [call.type, call.messageId, call.userId, call.timestamp])).toEqual([
    ["identify", "identify:17850", "17850", "2010-12-01T08:26:00.000Z"],
    ["track", "order:536365", "17850", "2010-12-01T08:26:00.000Z"],
  ])
  expect(first[0].traits).toEqual({ email: "17850@customers.example", country: "United Kingdom" })
  expect(second.map(call => call.messageId)).toEqual(["order:536400"])
})

test("a guest is a new person at each invoice, without traits", () => {
  const { calls } = planCalls({ ...order, customerId: "" }, new Set())
  expect(calls).toMatchObject([{ event: "Order Completed", anonymousId: "guest-536365" }])
  expect(calls[0]).not.toHaveProperty("userId")
})

test("a cancellation gives back a positive sum and identifies nobody", () => {
  const identified = new Set()
  const { calls } = planCalls({ ...order, number: "C536379", total: -27.5, hasSale: false }, identified)
  expect(calls).toMatchObject([
    {
      event: "Order Refunded",
      messageId: "refund:C536379",
      properties: { order_id: "C536379", total: 27.5 },
    },
  ])
  expect(identified.size).toBe(0)
})

test.each([
  { name: "goods lost or given away", invoice: { hasSale: false }, skipped: SKIPPED.nothingSold },
  { name: "an adjustment of bad debt", invoice: { number: "A563185" }, skipped: SKIPPED.notAnOrder },
])("$name: nothing is sent, with the reason", ({ invoice, skipped }) => {
  expect(planCalls({ ...order, ...invoice }, new Set())).toEqual({ skipped })
})

test("invoices of one instant are one group in the file's order", () => {
  const groups = groupByInstant([
    { at: 1, n: "a" },
    { at: 1, n: "b" },
    { at: 2, n: "c" },
  ])
  expect(groups).toEqual([
    {
      at: 1,
      invoices: [
        { at: 1, n: "a" },
        { at: 1, n: "b" },
      ],
    },
    { at: 2, invoices: [{ at: 2, n: "c" }] },
  ])
})
