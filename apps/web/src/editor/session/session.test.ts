import { printJourney } from "@viaggio/journey-model"
import { describe, expect, it } from "vitest"
import { connectNodes, deleteSelected, renameNode } from "./commands.ts"
import { createSession } from "./session.ts"
import { SessionDriver } from "./session-driver.ts"

const entryOf = (driver: SessionDriver): string => driver.journey.nodes[0]?.id ?? ""

function drawn(): SessionDriver {
  const driver = new SessionDriver()
  const entry = entryOf(driver)
  return driver.append(entry, "next", "email").append("email-1", "next", "exit")
}

describe("editing", () => {
  it("appends, inserts on a connection, marks the new node and asks for its first field", () => {
    const driver = drawn()
    const entry = entryOf(driver)
    driver.insert(entry, "next", "delay")
    expect(driver.edges).toContain(`${entry}.next → delay-1`)
    expect(driver.edges).toContain("delay-1.next → email-1")
    expect(driver.state.selection.nodes).toEqual(["delay-1"])
    expect(driver.state.focus).toMatchObject({ node: "delay-1", at: "first" })
  })

  it("heals the path when a node is deleted, and leaves the gap when asked to", () => {
    const driver = drawn()
    const entry = entryOf(driver)
    driver.select("email-1").remove()
    expect(driver.edges).toEqual([`${entry}.next → exit-1`])
    driver.undo().select("email-1").remove({ heal: false })
    expect(driver.edges).toEqual([])
  })

  it("moves the keyboard to where the path came from after a delete", () => {
    const driver = drawn().select("email-1").remove()
    expect(driver.state.active).toBe(entryOf(driver))
  })

  it("keeps the entry when everything is deleted", () => {
    const driver = drawn()
    driver.select(...driver.journey.nodes.map(node => node.id)).remove()
    expect(driver.journey.nodes.map(node => node.type)).toEqual(["event-entry"])
  })

  it("takes every step back to the same text and does it again", () => {
    const driver = drawn()
    const texts = [printJourney(driver.journey)]
    driver.rename("email-1", "Hello")
    texts.push(printJourney(driver.journey))
    driver.move("exit-1", [400, 400])
    texts.push(printJourney(driver.journey))
    driver.undo()
    expect(printJourney(driver.journey)).toBe(texts[1])
    driver.undo()
    expect(printJourney(driver.journey)).toBe(texts[0])
    driver.redo().redo()
    expect(printJourney(driver.journey)).toBe(texts[2])
  })

  it("makes one step of the letters of a word, and two of two words", async () => {
    const driver = drawn()
    const before = driver.state.history.undo.length
    for (const name of ["H", "He", "Hel"]) {
      driver.rename("email-1", name)
      await driver.pass(100)
    }
    expect(driver.state.history.undo.length).toBe(before + 1)
    await driver.pass(5_000)
    driver.rename("email-1", "Hello")
    expect(driver.state.history.undo.length).toBe(before + 2)
  })

  it("does not write a drag that ends where it began", () => {
    const driver = drawn()
    const place = driver.journey.layout?.["exit-1"]
    const before = driver.state.history
    driver.move("exit-1", [place?.[0] ?? 0, place?.[1] ?? 0])
    expect(driver.state.history).toBe(before)
  })

  it("refuses a connection into the entry with the model's reason and changes nothing", () => {
    const driver = drawn()
    const before = driver.state.history
    const refusal = connectNodes(driver.session, { from: "email-1", outcome: "failed", to: entryOf(driver) })
    expect(refusal?.id).toBe("edge-into-entry")
    expect(driver.state.history).toBe(before)
  })

  it("lets go of marked nodes that an undo takes away", () => {
    const driver = drawn().select("exit-1").undo()
    expect(driver.state.selection.nodes).toEqual([])
    expect(driver.state.active).toBeUndefined()
  })
})

describe("for people who may only look", () => {
  const look = () => {
    const driver = drawn()
    const { draft } = driver.server
    const saves: unknown[] = []
    const session = createSession(
      { document: driver.journey, revision: draft.revision },
      {
        save: async document => {
          saves.push(document)
          throw new Error("not for viewers")
        },
        now: () => 0,
        after: () => () => {},
        keepHistory: () => {},
        layOut: async () => ({}),
      },
      { readOnly: true },
    )
    return { session, saves, before: driver.journey }
  }

  it("refuses every edit and saves nothing", async () => {
    const { session, saves, before } = look()
    expect(renameNode(session, "email-1", "Changed")).toMatchObject({ id: "read-only" })
    session.select({ nodes: ["email-1"] })
    expect(deleteSelected(session, { heal: true })).toMatchObject({ id: "read-only" })
    session.undo()
    await session.flush()
    expect(session.journey()).toEqual(before)
    expect(saves).toEqual([])
  })
})

describe("problems", () => {
  it("are found a moment after the change, not in it", async () => {
    const driver = drawn()
    await driver.pass(1_000)
    const missing = driver.state.problemsByNode.get(entryOf(driver))
    expect(missing?.map(problem => problem.id)).toContain("event-missing")
    driver.configure(entryOf(driver), { event: "Account Created", maxAge: "P1D" })
    expect(driver.state.problemsByNode.get(entryOf(driver))).toBe(missing)
    await driver.pass(250)
    expect(driver.state.problemsByNode.get(entryOf(driver)) ?? []).toEqual([])
  })

  it("hear of the catalogue", async () => {
    const driver = drawn()
    driver.configure(entryOf(driver), { event: "Acount Created", maxAge: "P1D" })
    driver.session.learn({ events: { "Account Created": { properties: {} } } })
    await driver.pass(250)
    expect(driver.state.problems.map(problem => problem.id)).toContain("event-mistyped")
  })
})

describe("the content hash", () => {
  it("follows the content a moment later, and stays for what changes no content", async () => {
    const driver = drawn()
    await driver.pass(250)
    const before = driver.state.hash
    driver.move("exit-1", [900, 900]).rename("exit-1", "The end")
    await driver.pass(250)
    expect(driver.state.hash).toBe(before)
    driver.configure("exit-1", { reason: "bought" })
    await driver.pass(250)
    expect(driver.state.hash).not.toBe(before)
  })
})

describe("autosave", () => {
  it("saves within a second however long somebody types", async () => {
    const driver = drawn()
    for (let letter = 0; letter < 10; letter += 1) {
      driver.rename("email-1", "H".repeat(letter + 1))
      await driver.pass(100)
    }
    expect(driver.server.saves).toBeGreaterThanOrEqual(1)
    await driver.pass(1_000)
    expect(driver.server.draft.document).toEqual(driver.journey)
    expect(driver.state.save).toMatchObject({ kind: "saved" })
    expect(driver.state.revision).toBe(driver.server.draft.revision)
  })

  it("does not save a marking", async () => {
    const driver = new SessionDriver()
    driver.select(entryOf(driver))
    await driver.pass(5_000)
    expect(driver.server.saves).toBe(0)
  })

  it("goes on trying while the server is away", async () => {
    const driver = drawn()
    driver.server.isDown = true
    await driver.pass(5_000)
    expect(driver.state.save.kind).toBe("failed")
    driver.server.isDown = false
    await driver.pass(60_000)
    expect(driver.state.save.kind).toBe("saved")
    expect(driver.server.draft.document).toEqual(driver.journey)
  })

  it("asks in a conflict and writes nothing meanwhile; mine goes over theirs", async () => {
    const driver = drawn()
    driver.server.change(document => ({ ...document, name: "Theirs" }))
    await driver.pass(1_000)
    expect(driver.state.save.kind).toBe("conflict")
    driver.rename("email-1", "Mine")
    await driver.pass(5_000)
    expect(driver.server.draft.document.name).toBe("Theirs")
    driver.session.resolveConflict("mine")
    await driver.pass(1_000)
    expect(driver.server.draft.document).toEqual(driver.journey)
    expect(driver.server.draft.revision).toBe(3)
    expect(driver.state.save.kind).toBe("saved")
  })

  it("loads theirs when asked to, with a fresh history", async () => {
    const driver = drawn()
    driver.server.change(document => ({ ...document, name: "Theirs" }))
    await driver.pass(1_000)
    driver.session.resolveConflict("theirs")
    expect(driver.journey.name).toBe("Theirs")
    expect(driver.state.history.undo).toEqual([])
    await driver.pass(5_000)
    expect(driver.server.draft.revision).toBe(2)
    driver.session.apply({
      label: { id: "change.settings", values: {} },
      operations: [{ op: "setJourney", name: "After" }],
      at: 0,
    })
    await driver.pass(1_000)
    expect(driver.server.draft.document.name).toBe("After")
  })

  it("saves at once when asked to", async () => {
    const driver = drawn()
    await driver.session.flush()
    expect(driver.server.draft.document).toEqual(driver.journey)
  })
})
