import { fixOf, newJourney } from "@viaggio/journey-model"
import { describe, expect, it } from "vitest"
import {
  copySelected,
  cutSelected,
  duplicateSelected,
  isFragment,
  paste,
  selectDownstream,
} from "./clipboard.ts"
import { mend, tidyUp } from "./commands.ts"
import { SessionDriver } from "./session-driver.ts"

function drawn() {
  const driver = new SessionDriver()
  const entry = driver.journey.nodes[0]?.id ?? ""
  driver.append(entry, "next", "email").append("email-1", "next", "delay").append("delay-1", "next", "exit")
  return driver.configure(entry, { event: "Account Created", maxAge: "P1D" })
}
const labels = (driver: SessionDriver) => driver.state.history.undo.map(({ label }) => label.id)

describe("the clipboard", () => {
  it("carries steps into another journey as text", () => {
    const text = copySelected(drawn().select("email-1", "delay-1").session) ?? ""
    expect(isFragment(text)).toBe(true)
    const other = new SessionDriver(newJourney({ key: "other", name: "Other" }))
    expect(paste(other.session, text)).toBeUndefined()
    expect(other.edges).toEqual(["email-1.next → delay-1"])
    expect(other.state.selection.nodes).toEqual(["email-1", "delay-1"])
    expect(labels(other)).toEqual(["change.paste"])
  })
  it("puts the middle of what is pasted where it is asked for", () => {
    const driver = drawn()
    const text = copySelected(driver.select("exit-1").session) ?? ""
    paste(driver.session, text, [503, 97])
    expect(driver.journey.layout?.["exit-2"]).toEqual([500, 100])
  })
  it("cuts, and what led into the cut steps leads on; one step takes it back", () => {
    const driver = drawn().select("email-1", "delay-1")
    expect(cutSelected(driver.session).text).toContain('"email-1"')
    expect(driver.edges).toEqual([expect.stringMatching(/next → exit-1$/)])
    expect(labels(driver).at(-1)).toBe("change.cut")
    expect(driver.undo().journey.nodes).toHaveLength(4)
  })
  it("duplicates what is marked and marks the copies", () => {
    const driver = drawn().select("email-1", "delay-1")
    duplicateSelected(driver.session)
    expect(driver.state.selection.nodes).toEqual(["email-2", "delay-2"])
    expect(labels(driver).at(-1)).toBe("change.duplicate")
  })
  it("does not bring a second entry", () => {
    const driver = drawn()
    const entry = driver.journey.nodes[0]?.id ?? ""
    const text = copySelected(driver.select(entry).session) ?? ""
    expect(paste(driver.session, text)?.id).toBe("edit.entry-stays")
    expect(paste(driver.session, "buy milk")).toBeUndefined()
    expect(driver.journey.nodes).toHaveLength(4)
  })
  it("marks all that comes after a step", () => {
    const driver = drawn().select("email-1")
    selectDownstream(driver.session)
    expect(driver.state.selection.nodes).toEqual(["email-1", "delay-1", "exit-1"])
  })
})

describe("steps of undo", () => {
  it("outlive a reload of the revision at which they were kept, names and all", async () => {
    const driver = drawn().rename("email-1", "Welcome").remove({ heal: true })
    driver.select("delay-1").remove()
    await driver.pass(1_000)
    const again = driver.reload()
    expect(again.state.history.undo.map(({ label }) => label)).toEqual(
      driver.state.history.undo.map(({ label }) => label),
    )
    expect(again.undo().journey).toEqual(driver.undo().journey)
    await again.pass(1_000)
    expect(again.server.draft.document).toEqual(again.journey)
  })
  it("are forgotten where somebody else has saved since", async () => {
    const driver = drawn()
    await driver.pass(1_000)
    driver.server.change(document => ({ ...document, name: "Theirs" }))
    const again = driver.reload()
    expect(again.state.history.undo).toEqual([])
    expect(again.journey.name).toBe("Theirs")
  })
  it("name the steps, not their ids", () => {
    const driver = drawn().rename("email-1", "Welcome")
    driver.configure("email-1", { ...driver.journey.nodes[1]?.config, subject: "x" })
    driver.configure("delay-1", { for: "P2D" }).move("delay-1", [700, 0]).select("email-1").remove()
    expect(driver.state.history.undo.slice(-4).map(({ label }) => label.values)).toEqual([
      { node: "Welcome" },
      { node: { id: "type.delay", values: {} } },
      { node: { id: "type.delay", values: {} } },
      { node: "Welcome" },
    ])
  })
})

describe("whole edits", () => {
  it("tidy up is one step, and says when there is nothing to do", async () => {
    const driver = drawn().move("delay-1", [900, 900]).move("exit-1", [-900, 50])
    expect(await tidyUp(driver.session)).toBeUndefined()
    expect(labels(driver).at(-1)).toBe("change.tidy")
    expect(driver.journey.layout?.["exit-1"]).toEqual([0, 420])
    expect((await tidyUp(driver.session))?.id).toBe("edit.tidy-already")
    expect(driver.undo().journey.layout?.["exit-1"]).toEqual([-900, 50])
  })
  it("a problem is mended by its fix in one named step", async () => {
    const driver = drawn().select("exit-1").remove({ heal: false })
    await driver.pass(250)
    const problem = driver.state.problems.find(({ id }) => id === "outcome-unconnected")
    const fix = problem && fixOf(driver.journey, problem)
    if (!fix) throw new Error("it can be mended")
    expect(mend(driver.session, fix)).toBeUndefined()
    expect(driver.edges.at(-1)).toBe("delay-1.next → exit-1")
    expect(labels(driver).at(-1)).toBe("change.fix")
  })
})
