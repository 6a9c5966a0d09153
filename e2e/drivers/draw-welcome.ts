import { expect } from "@playwright/test"
import { welcome } from "../journeys/welcome.ts"
import type { EditorDriver } from "./editor-driver.ts"

type Email = { name: string; subject: string; html: string }

/**
 * Draws the welcome journey into a new one with the mouse, by every way that the canvas has: the first-step
 * button, a palette entry dropped free and one dropped on a connection, a connection drawn by hand, one drawn
 * into nothing, and the "+" of a connection and of an open way out.
 */
export async function drawWelcome(editor: EditorDriver): Promise<void> {
  const entry = editor.card("Entry")
  await editor.select(entry)
  await editor.field("Customers come in at this event").fill(welcome.entryEvent)

  await editor.addFirstStep("E-mail")
  await writeEmail(editor, welcome.welcome)
  const mail = editor.card("E-mail, Welcome")

  await editor.dragFromPalette("Exit", await editor.emptyPoint({ x: 0.5, y: 0.85 }))
  const cold = editor.card("Exit", { saying: "cold" })
  await editor.field("Reason").fill("cold")
  await editor.connect({ card: mail, outcome: "next" }, cold)

  await editor.dragFromPalette("Wait for event", { card: mail, outcome: "next" })
  const wait = editor.card("Wait for event")
  await editor.field("Branch 1").fill(welcome.order.branch)
  await editor.field("Event").fill(welcome.order.event)
  await editor.chooseOption("Events count since", "the entry into the journey")

  await editor.insertOn({ card: wait, outcome: "timeout" }, "Split")
  const split = editor.card("Split")
  await editor.field("Branch 1").fill(welcome.interest.branch)
  await editor.chooseOption("What is asked", "Has done")
  await editor.field("Event").fill(welcome.interest.event)
  await editor.chooseOption("When", "since the entry")

  await editor.addAfter(split, welcome.interest.branch, "E-mail")
  await writeEmail(editor, welcome.reminder)
  await editor.addAfter(editor.card("E-mail, Reminder"), "next", "Exit")
  await editor.field("Reason").fill("done")

  const beside = await editor.emptyPoint({ x: 0.2, y: 0.6 })
  await editor.connectToNew({ card: wait, outcome: "branch-1" }, beside, "Exit")
  await editor.field("Reason").fill("bought")
  await expect(editor.canvas.getByRole("group", { name: /^Exit, / })).toHaveCount(3)
}

async function writeEmail(editor: EditorDriver, { name, subject, html }: Email): Promise<void> {
  // The new node's first field has the focus: whoever inserts can go on typing.
  await expect(editor.field("Subject")).toBeFocused()
  await editor.field("Subject").fill(subject)
  await editor.field("Content (HTML)").fill(html)
  await editor.field("Name").fill(name)
}
