import { describe, expect, test } from "vitest"
import {
  draftOf as draw,
  type DraftEdge as Edge,
  entryBy,
  exit,
  type DraftNode as Node,
  splitBy,
} from "../testing/drafts.ts"
import { checkJourney } from "./check.ts"

const entry = entryBy("Signup")
const split = (id: string): Node => splitBy(id, { kind: "profile", path: "vip", is: "exists" })

describe("names of the context", () => {
  const call = (id: string, name = "lead"): Node => ({
    id,
    type: "webhook",
    config: { url: "https://crm.example/", save: [{ from: "/id", to: name }] },
  })
  const reading = (id: string, path = "lead"): Node => splitBy(id, { kind: "context", path, is: "exists" })
  const found = (nodes: Node[], edges: Edge[]) =>
    checkJourney(draw(nodes, edges))
      .filter(({ id }) => id.startsWith("context"))
      .map(({ id, node, at, values }) => ({ id, node, at, values }))

  test("set on every path: nothing to say, also about members of what is kept", () => {
    const nodes = [entry, call("c"), reading("r", "lead.id"), exit("x")]
    const edges: Edge[] = [
      ["start", "next", "c"],
      ["c", "succeeded", "r"],
      ["c", "failed", "x"],
      ["r", "yes", "x"],
      ["r", "else", "x"],
    ]
    expect(found(nodes, edges)).toEqual([])
  })
  test("set by no node", () => {
    const edges: Edge[] = [
      ["start", "next", "c"],
      ["c", "succeeded", "r"],
    ]
    expect(found([entry, call("c", "other"), reading("r")], edges)).toEqual([
      { id: "context-never-set", node: "r", at: "/branches/0/when/path", values: { path: "lead" } },
    ])
  })
  test("not set for those whose call failed, with their path", () => {
    // Nothing is connected at failed, so it leads where succeeded does, with empty hands.
    const edges: Edge[] = [
      ["start", "next", "c"],
      ["c", "succeeded", "r"],
    ]
    expect(found([entry, call("c"), reading("r")], edges)).toEqual([
      {
        id: "context-not-on-every-path",
        node: "r",
        at: "/branches/0/when/path",
        values: { name: "lead", path: ["start", "c", "r"] },
      },
    ])
  })
  test("not set on a path around the call; a template that reads it is told the same", () => {
    const mail: Node = {
      id: "m",
      type: "email",
      config: { purpose: "transactional", subject: "Hi", html: "{{ context.lead | default: '' }}" },
    }
    const edges: Edge[] = [
      ["start", "next", "s"],
      ["s", "yes", "c"],
      ["s", "else", "m"],
      ["c", "succeeded", "m"],
      ["c", "failed", "x"],
    ]
    expect(found([entry, split("s"), call("c"), mail, exit("x")], edges)).toEqual([
      {
        id: "context-not-on-every-path",
        node: "m",
        at: "/html",
        values: { name: "lead", path: ["start", "s", "m"] },
      },
    ])
  })
  test("set by either of two calls", () => {
    const edges: Edge[] = [
      ["start", "next", "s"],
      ["s", "yes", "c1"],
      ["s", "else", "c2"],
      ["c1", "succeeded", "r"],
      ["c1", "failed", "x"],
      ["c2", "succeeded", "r"],
      ["c2", "failed", "x"],
    ]
    expect(found([entry, split("s"), call("c1"), call("c2"), reading("r"), exit("x")], edges)).toEqual([])
  })
})
