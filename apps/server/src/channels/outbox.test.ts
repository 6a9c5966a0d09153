import { sql } from "drizzle-orm"
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { welcome } from "../../testing/journeys.ts"
import { type MailServer, startMailServer } from "../../testing/mail-server.ts"
import { type Running, startRunning } from "../../testing/running.ts"
import type { Workspace } from "../workspaces/workspace.ts"

let mail: MailServer
let running: Running
let workspace: Workspace
beforeAll(async () => {
  mail = await startMailServer()
  running = await startRunning({ smtp: { url: mail.url, connections: 3 } })
})
afterAll(async () => {
  await running.stop()
  await mail.close()
})
beforeEach(async () => {
  workspace = await running.live()
  await running.publish(workspace, welcome)
})
afterEach(() => {
  mail.received.splice(0)
  mail.answers.rcpt.clear()
  mail.be("good", 0)
})

const signUp = async (person: string, traits: object = {}) => {
  await running.send(workspace, [
    { type: "identify", userId: person, traits: { email: `${person}@example.com`, ...traits } },
    { type: "track", userId: person, event: "Account Created" },
  ])
}
const countsOf = async () =>
  (await running.stats(workspace, "welcome-with-coupon")).nodes.welcome!.messages as Record<string, number>
const eventsOf = async (person: string) =>
  (await running.engine.profiles.timeline(workspace, person, {})).items.flatMap(item =>
    item.kind === "event" && item.name.startsWith("Email") ? [item] : [],
  )
const messageOf = async (person: string) =>
  (await running.engine.messages.list(workspace, { userId: person })).items[0]!
/** The links of a mail as they stand in its text, whatever it is encoded as. */
const linksIn = (text: string, part: string): string[] => {
  const plain = text.replaceAll("=\r\n", "").replaceAll("=3D", "=")
  return [...plain.matchAll(/https:\/\/journeys\.example\.com\/[^\s"<>)]+/g)]
    .map(([link]) => link)
    .filter(link => link.includes(part))
}
const tokenOf = (link: string) => link.slice(link.lastIndexOf("/") + 1)

describe("consent", () => {
  it("is taken back by one click from the header, and holds for what already waits", async () => {
    await signUp("ada")
    await running.settle()
    const [first] = mail.received.splice(0)
    expect(first!.text).toMatch(/^List-Unsubscribe-Post: List-Unsubscribe=One-Click\r$/m)
    const [link] = linksIn(/^List-Unsubscribe:[\s\S]*?>/m.exec(first!.text)![0], "/unsubscribe/")
    expect(await running.engine.unsubscribe.confirm(tokenOf(link!))).toMatchObject({ language: "en" })
    await running.engine.unsubscribe.confirm(tokenOf(link!))
    await running.settle()
    expect((await eventsOf("ada")).map(e => e.name)).toEqual(["Email Unsubscribed"])
    expect(await countsOf()).toMatchObject({ sent: 1, unsubscribed: 1 })
    expect((await running.engine.suppressions.list(workspace, {})).items).toMatchObject([
      { address: "ada@example.com", reason: "unsubscribed" },
    ])
  })

  it("that is taken back while a message waits keeps it from leaving", async () => {
    mail.be("too much", 1_000)
    await signUp("bob")
    await waitFor(async () => (await messageOf("bob").catch(() => undefined)) !== undefined)
    await running.send(workspace, [{ type: "identify", userId: "bob", traits: { unsubscribed: true } }])
    await waitFor(
      async () => (await running.engine.profiles.get(workspace, "bob")).attributes.unsubscribed === true,
    )
    // The server is still in trouble: what may not leave ends before it is tried again.
    await running.settle()
    expect(mail.received).toEqual([])
    expect(await messageOf("bob")).toMatchObject({ state: "refused", reason: "unsubscribed" })
    expect(await countsOf()).toMatchObject({ queued: 0, sent: 0, refused: 1, bounced: 0 })
    expect(await eventsOf("bob")).toMatchObject([
      { name: "Email Refused", properties: { reason: "unsubscribed", node: "welcome" } },
    ])
  })

  it("is that of the profile that took the customer in meanwhile", async () => {
    await running.send(workspace, [
      { type: "identify", userId: "cara", traits: { email: "cara.home@example.com", unsubscribed: true } },
    ])
    mail.be("too much", 1_000)
    await running.send(workspace, [
      { type: "identify", anonymousId: "visitor", traits: { email: "cara@example.com" } },
      { type: "track", anonymousId: "visitor", event: "Account Created" },
    ])
    await waitFor(async () => (await running.engine.messages.list(workspace, {})).items.length > 0)
    const { id } = (await running.engine.messages.list(workspace, {})).items[0]!
    await running.send(workspace, [{ type: "identify", userId: "cara", anonymousId: "visitor" }])
    await waitFor(async () => {
      const rows = await running.database.engine.execute(
        sql`SELECT 1 FROM profiles p JOIN messages m ON m.bucket = p.bucket AND m.profile_id = p.id
            WHERE m.id = ${id} AND p.merged_into IS NOT NULL`,
      )
      return rows.length > 0
    })
    await running.settle()
    expect(await running.engine.messages.get(workspace, id)).toMatchObject({ reason: "unsubscribed" })
    expect(mail.received).toEqual([])
  })

  it("by hand is told to the customer's journeys, and given back", async () => {
    await running.engine.suppressions.addByHand(workspace, " Cleo@Example.com ", "Ann")
    await signUp("cleo")
    await running.settle()
    expect(await messageOf("cleo")).toMatchObject({ state: "refused", reason: "suppressed" })
    // Whoever is known is told at once: the next e-mail node lets them pass by "suppressed".
    await running.engine.suppressions.remove(workspace, "cleo@example.com")
    await running.engine.suppressions.addByHand(workspace, "cleo@example.com", "Ann")
    await running.settle()
    expect((await running.engine.profiles.get(workspace, "cleo")).attributes.suppressed_email).toBe(
      "cleo@example.com",
    )
    await running.engine.suppressions.remove(workspace, "cleo@example.com", "by-hand")
    await running.settle()
    expect((await running.engine.profiles.get(workspace, "cleo")).attributes).not.toHaveProperty(
      "suppressed_email",
    )
    await expect(running.engine.suppressions.remove(workspace, "cleo@example.com")).rejects.toThrow("not on")
    expect(mail.received).toEqual([])
  })
})

describe("openings and clicks", () => {
  const shop = {
    ...welcome,
    nodes: welcome.nodes.map(node =>
      node.id !== "welcome"
        ? node
        : {
            ...node,
            config: {
              ...node.config,
              html: `<body><a class="x" href="https://shop.example/?a=1&amp;b=2">Shop</a> <a href='mailto:us@shop.example'>Us</a>
                <a href="{{ links.unsubscribe }}">No more</a></body>`,
            },
          },
    ),
  }

  it("are counted once a message, told once a link, and lead only where the mail did", async () => {
    await running.publish(workspace, { ...shop, key: "shop" })
    await signUp("dora")
    await running.settle()
    const text = mail.received.find(m => m.text.includes("mailto"))!.text
    const [click, ...others] = linksIn(text, "/t/c/")
    expect(others).toEqual([])
    expect(text).toContain("mailto:us@shop.example")
    const [open] = linksIn(text, "/t/o/")
    const { tracking } = running.engine
    for (let i = 0; i < 3; i += 1) {
      expect(await tracking.click(tokenOf(click!))).toBe("https://shop.example/?a=1&b=2")
      expect(await tracking.open(tokenOf(open!))).toBe(true)
    }
    await running.settle()
    const events = await eventsOf("dora")
    expect(events.map(e => e.name).sort()).toEqual(["Email Clicked", "Email Opened"])
    expect(events.find(e => e.name === "Email Clicked")).toMatchObject({
      properties: { journey: "shop", node: "welcome", link: "https://shop.example/?a=1&b=2" },
    })
    const { messages } = (await running.stats(workspace, "shop")).nodes.welcome!
    expect(messages).toMatchObject({ sent: 1, opened: 1, clicked: 1 })
  })

  it("are not told by a token that somebody made or bent", async () => {
    await signUp("eve")
    await running.settle()
    const [open] = linksIn(mail.received[0]!.text, "/t/o/")
    const token = tokenOf(open!)
    const { tracking } = running.engine
    expect(await tracking.click(token)).toBeUndefined()
    const [bucket, id, signature] = token.split(".")
    const target = Buffer.from("https://evil.example/").toString("base64url")
    expect(await tracking.click(`${bucket}.${id}.${target}.${signature}`)).toBeUndefined()
    expect(await tracking.open(`${Number(bucket) + 1}.${id}.${signature}`)).toBe(false)
    expect(await countsOf()).toMatchObject({ opened: 0, clicked: 0 })
  })
})

describe("what a provider says later", () => {
  it("is noted by the Message-ID: bounces are counted, and those for good keep the address from further mail", async () => {
    for (const person of ["kit", "lou", "mia"]) await signUp(person)
    await running.settle()
    const { messages, suppressions } = running.engine
    const idOf = (person: string) => mail.received.find(m => m.to === `${person}@example.com`)!.messageId
    for (let i = 0; i < 2; i += 1) {
      await messages.feedback(workspace, idOf("kit"), { kind: "bounced", permanent: true, error: "5.1.1" })
      await messages.feedback(workspace, idOf("lou"), { kind: "bounced", permanent: false })
      await messages.feedback(workspace, idOf("mia"), { kind: "complained" })
    }
    await running.settle()
    expect(await countsOf()).toMatchObject({ sent: 3, refused: 0, bounced: 2, unsubscribed: 1 })
    expect(await eventsOf("kit")).toMatchObject([{ name: "Email Bounced", properties: { permanent: true } }])
    expect(await eventsOf("mia")).toMatchObject([
      { name: "Email Unsubscribed", properties: { complaint: true } },
    ])
    const listed = (await suppressions.list(workspace, {})).items.map(({ address, reason }) => [
      address,
      reason,
    ])
    expect(listed.sort()).toEqual([
      ["kit@example.com", "bounced"],
      ["mia@example.com", "complained"],
    ])
    const elsewhere = messages.feedback(await running.live(), idOf("kit"), { kind: "complained" })
    await expect(elsewhere).rejects.toThrow("no e-mail")
  })
})

describe("a refused message", () => {
  it("is mended and sent once more, and not a second time", async () => {
    mail.answers.rcpt.set("fay@example.com", "550 5.1.1 No such user")
    await signUp("fay")
    await running.settle()
    const { id } = await messageOf("fay")
    const replay = (to?: string) =>
      running.engine.messages.replay(
        workspace,
        id,
        { template: "same", ...(to === undefined ? {} : { to }) },
        "Ann",
      )
    await expect(replay()).rejects.toThrow("suppression list (bounced)")
    await expect(replay("no address")).rejects.toThrow("no e-mail address")
    expect(await countsOf()).toMatchObject({ refused: 1, queued: 0 })
    await replay("fay.new@example.com")
    await running.settle()
    expect(mail.received).toMatchObject([
      { to: "fay.new@example.com", messageId: expect.stringContaining(id) },
    ])
    expect(await countsOf()).toMatchObject({ refused: 0, queued: 0, sent: 1, bounced: 1 })
    await expect(replay("fay.new@example.com")).rejects.toThrow("can be done once")
  })

  it("is sent by the template that is live now, when its own was wrong", async () => {
    const broken = {
      ...welcome,
      key: "broken",
      nodes: welcome.nodes.map(node =>
        node.id === "welcome"
          ? { ...node, config: { ...node.config, subject: "{{ profile.since | date: '%Y' }}" } }
          : node,
      ),
    }
    await running.publish(workspace, broken)
    await signUp("gus", { since: "today" })
    await running.settle()
    const refused = (await running.engine.messages.list(workspace, { journey: "broken" })).items[0]!
    expect(refused).toMatchObject({ state: "refused", reason: "template" })
    const replay = (template: "same" | "current") =>
      running.engine.messages.replay(workspace, refused.id, { template }, "Ann")
    await expect(replay("same")).rejects.toThrow("The template still fails")
    await running.publish(workspace, { ...broken, nodes: welcome.nodes })
    await replay("current")
    await running.settle()
    const sent = await running.engine.messages.get(workspace, refused.id)
    expect(sent).toMatchObject({ state: "sent", subject: "Welcome, friend" })
    expect(mail.received.some(m => m.messageId.includes(refused.id))).toBe(true)
  })
})

describe("a message that was being sent when its process died", () => {
  /** As a kill in the middle of its send would leave it: nobody holds it, and it is marked. */
  const makeDoubtful = async (person: string) => {
    mail.be("too much", 1_000)
    await signUp(person)
    let id: string | undefined
    await waitFor(async () => {
      const [row] = await running.database.engine.execute<{ id: string }>(
        sql`UPDATE messages SET state = 1, next_try = clock_timestamp(), claim = gen_random_uuid(),
                   claim_until = clock_timestamp() - interval '1 second'
            WHERE workspace_id = ${workspace.id} AND claim IS NULL AND error IS NOT NULL RETURNING id`,
      )
      id = row?.id
      return id !== undefined
    })
    mail.be("good", 0)
    return id!
  }

  it("is sent again with the same Message-ID, and is listed", async () => {
    const id = await makeDoubtful("hal")
    await running.settle()
    expect(mail.received.map(m => m.messageId)).toContain(`<${id}@journeys.example.com>`)
    const { items } = await running.engine.messages.list(workspace, { inDoubt: true })
    expect(items).toMatchObject([{ id, state: "sent", doubts: 1 }])
  })

  it("is not sent again where the workspace would rather not", async () => {
    await running.workspaces.update(workspace, { inDoubt: "rather-not" })
    const id = await makeDoubtful("ida")
    await running.settle()
    expect(mail.received).toEqual([])
    expect(await running.engine.messages.get(workspace, id)).toMatchObject({
      state: "refused",
      reason: "in-doubt",
    })
  })
})

/** Looks again and again until it is so. */
const waitFor = async (isSo: () => Promise<boolean>): Promise<void> => {
  while (!(await isSo())) await new Promise(setImmediate)
}
