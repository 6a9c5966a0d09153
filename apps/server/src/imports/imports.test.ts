import { Readable } from "node:stream"
import { sql } from "drizzle-orm"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { createTestServer, signUpOwner, type TestServer, workspaceOf } from "../../testing/server.ts"
import { untilAnswer } from "../../testing/until.ts"
import { createTasks } from "../tasks/tasks.ts"
import type { Workspace } from "../workspaces/workspace.ts"
import { TaskKind } from "./imports.ts"
import type { ImportMapping, ImportTarget } from "./mapping.ts"
import { createImportRun, noCounts } from "./run.ts"
import type { ImportView } from "./view.ts"

let server: TestServer
let workspace: Workspace
let cookie: string

beforeAll(async () => {
  server = await createTestServer()
  await server.engine.start()
  server.services.tasks.start()
  const owner = await signUpOwner(server)
  cookie = owner.cookie
  workspace = await workspaceOf(server, owner.workspaceId)
})
afterAll(async () => {
  await server.services.tasks.stop()
  await server.engine.stop()
  await server.stop()
})

const imports = () => server.services.imports
const upload = (text: string | Buffer, name = "people.csv") =>
  imports().upload(workspace, { name, by: "Ann", bytes: Readable.from([Buffer.from(text)]) })
const id: ImportTarget = { to: "identity", kind: "user_id" }
const email: ImportTarget = { to: "identity", kind: "email" }
const attribute = (name: string, type: "text" | "number" | "date" = "text"): ImportTarget => ({
  to: "attribute",
  name,
  type,
})
const mapped = (...columns: ImportTarget[]): ImportMapping => ({
  columns,
  dates: "dmy",
  decimal: ".",
  mode: "history",
})
const ended = (view: ImportView): Promise<ImportView> =>
  untilAnswer(
    () => imports().get(workspace, view.id),
    ({ state }) => state !== "checking" && state !== "importing",
  )
const check = async (view: ImportView, mapping: ImportMapping) =>
  ended(await imports().check(workspace, { id: view.id, mapping }, "Ann"))
const bringIn = async (view: ImportView, mapping: ImportMapping) => {
  const done = await ended(await imports().start(workspace, { id: view.id, mapping }, "Ann"))
  await untilAnswer(worked, behind => behind === 0)
  return done
}
const worked = async () => {
  const [row] = await server.database.engine.execute<{ n: number }>(
    sql`select count(*)::int as n from buckets b join bucket_heads h using (bucket)
        where h.head_seq > b.cursor_seq or h.bulk_seq > b.bulk_seq`,
  )
  return row!.n
}
const customer = (key: string) => server.services.profiles.get(workspace, key)

test("a file from its upload to its customers, and once more without any effect", async () => {
  const text =
    "codice;email;nome;spesa;nato;newsletter\n" +
    "c1;ann@example.com;Ann;1.234,50;03/04/1990;sì\n" +
    'c2;bob@example.com;"Bob; il ""grande""";7;1.1.1980;no\n'
  const view = await upload(Buffer.from(text, "latin1"), "clienti.csv")
  expect(view).toMatchObject({ state: "uploaded", rows: 2, encoding: "windows-1252", delimiter: ";" })
  const preview = await imports().preview(workspace, { id: view.id })
  expect(preview).toMatchObject({ decimal: ",", dates: "dmy", rowsTotal: 2 })
  expect(preview.rows[1]![2]).toBe('Bob; il "grande"')
  const mapping: ImportMapping = {
    ...mapped(
      id,
      email,
      attribute("first_name"),
      attribute("spent", "number"),
      attribute("birthday", "date"),
      {
        to: "consent",
      },
    ),
    decimal: ",",
  }
  const { rows } = await imports().rows(workspace, { id: view.id, mapping })
  expect(rows[0]).toMatchObject({
    line: 2,
    identities: [
      { kind: "user_id", value: "c1" },
      { kind: "email", value: "ann@example.com" },
    ],
    attributes: { first_name: "Ann", spent: 1234.5, birthday: "1990-04-03" },
  })
  const checked = await check(view, mapping)
  expect(checked).toMatchObject({ state: "checked", checked: { ...noCounts, rows: 2, new: 2 } })
  await expect(customer("c1")).rejects.toMatchObject({ kind: "not-found" })

  const done = await bringIn(view, mapping)
  expect(done).toMatchObject({ state: "imported", imported: { ...noCounts, rows: 2, new: 2 } })
  const ann = await customer("c1")
  expect(ann.attributes).toEqual({
    email: "ann@example.com",
    first_name: "Ann",
    spent: 1234.5,
    birthday: "1990-04-03",
  })
  expect(ann.values.spent).toMatchObject({ source: { kind: "event", via: "import" } })
  expect(ann.consent.email).toBe("subscribed")
  expect((await customer("c2")).consent.email).toBe("unsubscribed")

  const before = JSON.stringify([ann, await customer("c2")])
  const again = await bringIn(await upload(Buffer.from(text, "latin1")), mapping)
  expect(again.imported).toMatchObject({ rows: 2, unchanged: 2, new: 0, changed: 0 })
  expect(JSON.stringify([await customer("c1"), await customer("c2")])).toBe(before)
})

test("a dry run tells new, changed, unchanged, repeated, merging and rejected apart, and an import does just that", async () => {
  const first = await upload(
    "id,mail,card,city\nk1,k1@example.com,,Rome\nk2,k2@example.com,,Milan\n,,card9,Turin\n",
  )
  const card: ImportTarget = { to: "identity", kind: "loyalty_card" }
  const mapping = mapped(id, email, card, attribute("city"))
  expect((await bringIn(first, mapping)).imported).toMatchObject({ new: 3 })
  const second = await upload(
    [
      "id,mail,card,city",
      "k1,k1@example.com,,Rome",
      "k2,k2@example.com,,Naples",
      "k3,k3@example.com,,Bari",
      "k3,k3@example.com,,Lecce",
      "k2x,not an address,,",
      ",,,nobody",
      'k4,k4@example.com,,"open',
      "k5,k5@example.com,,Rome,too many",
      "k1,,card9,Rome",
    ].join("\n"),
  )
  const counts = { rows: 9, new: 1, changed: 1, unchanged: 1, repeated: 2, merging: 1, rejected: 4 }
  expect((await check(second, mapping)).checked).toEqual(counts)
  const rejects = await imports().rejects(workspace, second.id)
  expect(rejects.total).toBe(4)
  expect(rejects.items.map(({ line, problem }) => [line, problem.reason, problem.column])).toEqual([
    [6, "bad-email", "mail"],
    [7, "no-identity", undefined],
    [8, "broken-quotes", undefined],
    [9, "too-many-fields", undefined],
  ])
  expect((await bringIn(second, mapping)).imported).toEqual(counts)
  expect((await customer("k2")).attributes.city).toBe("Naples")
  expect((await customer("k3")).attributes.city).toBe("Lecce")
  await untilAnswer(
    () => customer("k1"),
    ({ identities }) => identities.some(({ value }) => value === "card9"),
  )
})

test("over HTTP: streamed in, its rejects out, in the reader's language", async () => {
  const headers = { cookie, "x-workspace": workspace.publicId, "content-type": "text/csv" }
  const payload = "id;e-mail\nh1;nowhere\nh2;h2@example.com\n"
  const answer = await server.app.inject({ method: "POST", url: "/api/imports?name=h.csv", headers, payload })
  expect(answer.statusCode).toBe(201)
  const view = answer.json() as ImportView
  expect(view).toMatchObject({ name: "h.csv", rows: 2, by: "Ann" })
  await check(view, mapped(id, email))
  const file = await server.app.inject({
    url: `/api/imports/${view.id}/rejects.csv?language=it`,
    headers: { ...headers },
  })
  expect(file.headers["content-type"]).toContain("text/csv")
  expect(file.body).toBe(
    "\ufeffriga;motivo;id;e-mail\r\n2;e-mail: non è un indirizzo e-mail (nowhere);h1;nowhere\r\n",
  )
  const foreign = await server.app.inject({
    method: "POST",
    url: "/api/imports",
    headers: { ...headers, origin: "https://evil.example" },
    payload,
  })
  expect(foreign.statusCode).toBe(403)
})

describe("files that are none", () => {
  test.each([
    ["a spreadsheet", Buffer.from("PK\u0003\u0004\0\0\0")],
    ["nothing", Buffer.from("")],
    ["a header alone", Buffer.from("id,mail\n")],
  ])("%s", async (_, bytes) => {
    await expect(upload(bytes)).rejects.toMatchObject({ kind: "unprocessable" })
    const [row] = await server.database.engine.execute<{ n: number }>(
      sql`select count(*)::int as n from imports where rows < 0`,
    )
    expect(row!.n).toBe(0)
  })
})

test("a mapping must fit the file and say who the customer is", async () => {
  const view = await upload("id,mail\nm1,m1@example.com\n")
  const start = (mapping: ImportMapping) => imports().start(workspace, { id: view.id, mapping }, "Ann")
  await expect(start(mapped(id))).rejects.toMatchObject({ kind: "invalid" })
  await expect(start(mapped(attribute("a"), attribute("b")))).rejects.toMatchObject({ kind: "invalid" })
})

const many = (rows: number) =>
  `id,mail,name,city\n${Array.from({ length: rows }, (_, i) => `n${i},n${i}@example.com,Name ${i},${i % 100 === 7 ? "x".repeat(10_001) : "Rome"}`).join("\n")}\n`
const manyMapping = mapped(id, email, attribute("name"), attribute("city"))

test("a run that its process left is gone on with by another, and loses and doubles nothing", async () => {
  const view = await upload(many(6_000))
  await imports().start(workspace, { id: view.id, mapping: manyMapping }, "Ann")
  await untilAnswer(
    () => imports().get(workspace, view.id),
    ({ done, state }) => done > 0 || state !== "importing",
  )
  await server.services.tasks.stop()
  const left = await imports().get(workspace, view.id)
  expect(left.state).toBe("importing")
  expect(left.done).toBeLessThan(6_000)
  server.services.tasks.start()
  expect((await ended(left)).imported).toEqual({ ...noCounts, rows: 6_000, new: 5_940, rejected: 60 })
  await untilAnswer(worked, behind => behind === 0)
  const [row] = await server.database.engine.execute<{ events: number; people: number }>(
    sql`select (select count(*) from events where message_id like 'csv:%' and body #>> '{traits,name}' like 'Name %')::int as events,
               (select count(*) from profiles where attributes ->> 'name' like 'Name %')::int as people`,
  )
  expect(row).toEqual({ events: 5_940, people: 5_940 })
  expect((await imports().rejects(workspace, view.id)).total).toBe(60)
}, 60_000)

test("a run that fails on its way begins again where it was", async () => {
  await server.services.tasks.stop()
  const { engine, database, ports, services } = server
  let calls = 0
  const errors: unknown[] = []
  const flaky = createTasks({
    db: database.engine,
    ports,
    log: { error: details => void errors.push(details) },
  })
  const deps = {
    db: database.engine,
    analytics: database.analytics,
    ports,
    catalogue: engine.catalogue,
    workspaceOf: services.workspaces.find,
    onTaken: () => {},
    coalescer: {
      append: (arrivals: Parameters<typeof engine.coalescer.append>[0]) => {
        calls += 1
        return calls === 2 ? Promise.reject(new Error("away")) : engine.coalescer.append(arrivals)
      },
    },
  }
  flaky.handle(TaskKind.import, createImportRun(deps, "import"))
  flaky.start()
  const view = await upload(many(2_500).replaceAll("n", "w"))
  await imports().start(workspace, { id: view.id, mapping: manyMapping }, "Ann")
  const done = await ended(view)
  await flaky.stop()
  server.services.tasks.start()
  expect(done).toMatchObject({ state: "imported", imported: { rows: 2_500, new: 2_475, rejected: 25 } })
  expect(errors).toHaveLength(1)
}, 60_000)

test("a cancelled run stops; what is in stays in, and the file can be brought in again", async () => {
  const view = await upload(many(8_000).replaceAll("n", "q"))
  await imports().start(workspace, { id: view.id, mapping: manyMapping }, "Ann")
  await expect(imports().remove(workspace, view.id)).rejects.toMatchObject({ kind: "conflict" })
  await expect(
    imports().start(workspace, { id: view.id, mapping: manyMapping }, "Ann"),
  ).rejects.toMatchObject({
    kind: "conflict",
  })
  await untilAnswer(
    () => imports().get(workspace, view.id),
    ({ done, state }) => done > 0 || state !== "importing",
  )
  const cancelled = await imports().cancel(workspace, view.id)
  expect(cancelled.state).toBe("cancelled")
  expect(cancelled.imported!.rows).toBeLessThan(8_000)
  await untilAnswer(worked, behind => behind === 0)
  const again = await bringIn(view, manyMapping)
  expect(again.imported!.rows).toBe(8_000)
  expect(again.imported!.unchanged).toBeGreaterThan(0)
  await imports().remove(workspace, view.id)
  await expect(imports().get(workspace, view.id)).rejects.toMatchObject({ kind: "not-found" })
}, 60_000)
