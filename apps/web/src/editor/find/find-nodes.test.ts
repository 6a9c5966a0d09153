import { describe, expect, it } from "vitest"
import { SessionDriver } from "../session/session-driver.ts"
import { findNodes } from "./find-nodes.ts"

function drawn() {
  const driver = new SessionDriver()
  const entry = driver.journey.nodes[0]?.id ?? ""
  driver.append(entry, "next", "email").append("email-1", "next", "delay").append("delay-1", "next", "email")
  return driver
    .configure("email-1", {
      ...driver.journey.nodes[1]?.config,
      subject: "Benvenuta, perché no",
      html: "<p>WELCOME10</p>",
    })
    .rename("email-2", "Reminder")
}
const wordsOf = (driver: SessionDriver) => (id: string) =>
  driver.journey.nodes.find(node => node.id === id)?.name ?? ""

describe("finding steps", () => {
  it.each([
    ["welcome10", ["email-1"]],
    ["PERCHE", ["email-1"]],
    ["remind", ["email-2"]],
    ["email-", ["email-1", "email-2"]],
    ["", []],
    ["nothing of that", []],
  ])("%s", (asked, found) => {
    const driver = drawn()
    expect(findNodes(driver.journey, asked, wordsOf(driver))).toEqual(found)
  })
})
