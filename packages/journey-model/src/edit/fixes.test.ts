import { describe, expect, test } from "vitest"
import { checkJourney } from "../journey/check.ts"
import type { Journey } from "../journey/document.ts"
import { welcomeJourney } from "../testing/welcome.ts"
import type { Knowledge } from "../values/known.ts"
import { sentenceIds } from "../values/sentence-ids.ts"
import { connect, disconnect, replaceConfig } from "./commands.ts"
import { fixOf } from "./fixes.ts"
import { applyChange, createHistory } from "./history.ts"

const at = 0
const done = (journey: Journey, command: ReturnType<typeof connect>): Journey => {
  if (!command.ok) throw new Error(command.reason.id)
  const result = applyChange(createHistory(journey), command.change)
  if (!result.ok) throw new Error(result.reason.id)
  return result.value.journey
}
const welcome = welcomeJourney()
const configured = (id: string, parts: Record<string, unknown>) => {
  const node = welcome.nodes.find(each => each.id === id)
  return done(welcome, replaceConfig(welcome, id, { ...node?.config, ...parts }, { at }))
}
const html =
  "<p>{{ profile.frist_name }} {% if profile.frist_name == 'x' %}y{% endif %} profile.frist_name</p>"
const knowledge: Knowledge = {
  events: {
    "Account Created": { properties: { plan: "text" } },
    "Order Completed": { properties: {} },
    "Product Viewed": { properties: {} },
  },
  attributes: { first_name: "text", email: "text" },
}

describe("fixes take their problem away and bring no error", () => {
  const cases: { problem: string; journey: Journey; knowledge?: Knowledge }[] = [
    {
      problem: "cycle-without-wait",
      journey: done(welcome, connect(welcome, { from: "reminder", outcome: "next", to: "interested" }, at)),
    },
    {
      problem: "outcome-unconnected",
      journey: done(welcome, disconnect(welcome, { from: "reminder", outcome: "next" }, at)),
    },
    {
      problem: "edge-outcome-unknown",
      journey: { ...welcome, edges: [...welcome.edges, { from: "welcome", outcome: "gone", to: "done" }] },
    },
    {
      problem: "edge-to-missing",
      journey: {
        ...welcome,
        edges: welcome.edges.map(edge => (edge.from === "reminder" ? { ...edge, to: "nobody" } : edge)),
      },
    },
    { problem: "wait-for-ever", journey: configured("first-order", { timeout: "never" }) },
    { problem: "since-node-missing", journey: configured("first-order", { since: { node: "gone" } }) },
    { problem: "unsubscribe-missing", journey: configured("welcome", { html: "<p>Hello</p>" }) },
    {
      problem: "branch-hidden",
      journey: configured("first-order", {
        branches: ["ordered", "again"].map(id => ({ id, event: "Order Completed" })),
      }),
    },
    {
      problem: "event-mistyped",
      journey: configured("first-order", { branches: [{ id: "ordered", event: "Order Complete" }] }),
      knowledge,
    },
    {
      problem: "attribute-mistyped",
      journey: configured("welcome", { subject: "x", html: `${html}{{ links.unsubscribe }}` }),
      knowledge,
    },
    {
      problem: "attribute-mistyped",
      journey: configured("interested", {
        branches: [
          { id: "browsing", when: { kind: "not", of: { kind: "profile", path: "firstname", is: "exists" } } },
        ],
      }),
      knowledge,
    },
  ]
  test.each(cases)("$problem", ({ problem: id, journey, knowledge: known }) => {
    const before = checkJourney(journey, known)
    const problem = before.find(found => found.id === id)
    if (!problem) throw new Error(`no ${id} in ${before.map(found => found.id).join()}`)
    const fix = fixOf(journey, problem)
    if (!fix) throw new Error("there is no fix")
    expect(sentenceIds[fix.label.id]).toBeDefined()
    const after = checkJourney(done(journey, fix.command(at)), known)
    expect(after.map(found => found.id)).not.toContain(id)
    const errors = (problems: typeof after) => problems.filter(({ severity }) => severity === "error").length
    expect(errors(after)).toBeLessThanOrEqual(errors(before))
  })
  test("a name is mended in template tags only", () => {
    const journey = configured("welcome", { html })
    const problem = checkJourney(journey, knowledge).find(({ id }) => id === "attribute-mistyped")
    const fixed = problem && fixOf(journey, problem)
    const config = fixed && done(journey, fixed.command(at)).nodes.find(({ id }) => id === "welcome")?.config
    expect(config?.html).toBe(
      "<p>{{ profile.first_name }} {% if profile.first_name == 'x' %}y{% endif %} profile.frist_name</p>",
    )
  })
  test("what a person has to decide has none", () => {
    const problem = checkJourney(configured("welcome", { subject: "" }))[0]
    expect(problem && fixOf(welcome, problem)).toBeUndefined()
  })
  test("a program in the content is warned of", () => {
    const found = checkJourney(configured("welcome", { html: "<script>1</script>{{ links.unsubscribe }}" }))
    expect(found).toMatchObject([
      { id: "html-script", severity: "warning", at: "/html", values: { tag: "<script>" } },
    ])
  })
})
