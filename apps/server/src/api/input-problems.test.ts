import { afterAll, beforeAll, expect, test } from "vitest"
import { z } from "zod"
import { createTestServer, signUpOwner, type TestServer, testAdminKey } from "../../testing/server.ts"
import { InputPlace, refuseInput } from "./input-problems.ts"

const schema = z.strictObject({
  name: z.string().min(1).max(3).optional(),
  count: z.number().int().min(2).max(5).optional(),
  list: z.array(z.string()).min(2).max(3).optional(),
  email: z.email().optional(),
  id: z.uuid().optional(),
  kind: z.enum(["api", "write"]).optional(),
  version: z.union([z.literal("all"), z.number()]).optional(),
  "a/b": z.object({ deep: z.boolean() }).optional(),
  key: z
    .string()
    .regex(/^[a-z]+$/, "is no key: lower-case letters only")
    .optional(),
})

const cases: [input: object, at: string, text: string][] = [
  [{ name: 1 }, "/name", "“name” must be a text."],
  [{ name: "" }, "/name", "“name” is empty: give at least 1 character."],
  [{ name: "abcd" }, "/name", "“name” must have at most 3 characters."],
  [{ count: 1 }, "/count", "“count” must be at least 2."],
  [{ count: 2.5 }, "/count", "“count” must be a whole number."],
  [{ count: 9 }, "/count", "“count” must be at most 5."],
  [{ list: ["a"] }, "/list", "“list” must have at least 2 entries."],
  [{ list: ["a", 2] }, "/list/1", "“list.1” must be a text."],
  [{ email: "x" }, "/email", "“email” must be an e-mail address such as anna@example.com."],
  [{ id: "x" }, "/id", "“id” must be an id such as 0199aa00-0000-7000-8000-000000000000."],
  [{ kind: "root" }, "/kind", "“kind” must be “api” or “write”."],
  [{ version: true }, "/version", "“version” must be “all”, or must be a number."],
  [{ "a/b": {} }, "/a~1b/deep", "“a/b.deep” is missing: give true or false."],
  [{ key: "A" }, "/key", "“key” is no key: lower-case letters only."],
  [{ more: 1 }, "", "The input has fields that are not known: remove “more”."],
]

test.each(cases)("%j", (input, at, text) => {
  const { error } = schema.safeParse(input)
  const { extra, message } = refuseInput(error!.issues)
  expect(extra.problems).toMatchObject([{ severity: "error", at, text }])
  expect(message).toBe(text)
})

test("what is not in the body says where it stands, and has no pointer", () => {
  const { error } = z.object({ limit: z.coerce.number() }).safeParse({ limit: "many" })
  const [problem] = refuseInput(error!.issues, InputPlace.query).extra.problems!
  expect(problem).toEqual({
    id: "input-wrong",
    severity: "error",
    text: "“limit” in the query must be a number.",
    values: { field: "limit", in: "query" },
  })
})

let server: TestServer
beforeAll(async () => {
  server = await createTestServer()
})
afterAll(() => server.stop())

test("both interfaces answer problems with pointers, and no words of a library", async () => {
  const { cookie, workspaceId } = await signUpOwner(server)
  const answers = [
    await server.app.inject({
      method: "POST",
      url: "/api/v1/keys",
      headers: { authorization: `Bearer ${testAdminKey}` },
      payload: { kind: "root" },
    }),
    await server.app.inject({
      method: "POST",
      url: "/api/trpc/keys.create",
      headers: { cookie, "x-workspace": workspaceId },
      payload: { kind: "root" },
    }),
  ]
  const [http, trpc] = answers.map(answer => answer.json())
  const problems = [
    { at: "/kind", text: "“kind” must be “api” or “write”." },
    { at: "/name", text: "“name” is missing: give a text." },
  ]
  expect(http).toMatchObject({ type: "/problems/invalid", status: 400, problems })
  expect(http.detail).toBe(problems.map(({ text }) => text).join(" "))
  expect(trpc.error).toMatchObject({ message: http.detail, data: { kind: "invalid", problems } })
  const query = await server.app.inject({
    url: "/api/v1/messages?limit=many",
    headers: { authorization: `Bearer ${testAdminKey}` },
  })
  expect(query.json()).toMatchObject({ status: 400, detail: "“limit” in the query must be a number." })
  for (const { body } of [...answers, query])
    expect(body).not.toMatch(/Invalid (input|option)|expected|received|Too small/)
})

const bearer = { authorization: `Bearer ${testAdminKey}`, "content-type": "application/json" }
const faults: [name: string, call: object, status: number, detail: string][] = [
  [
    "no JSON",
    { method: "POST", url: "/api/v1/keys", headers: bearer, payload: "{" },
    400,
    "The body is not JSON",
  ],
  [
    "no JSON for procedures",
    { method: "POST", url: "/api/trpc/setup.complete", headers: bearer, payload: "{" },
    400,
    "not JSON",
  ],
  [
    "another media type",
    { method: "POST", url: "/api/v1/keys", headers: { ...bearer, "content-type": "text/xml" }, payload: "a" },
    415,
    "Send the body as application/json.",
  ],
  [
    "too much",
    { method: "POST", url: "/api/v1/keys", headers: bearer, payload: "a".repeat(3_000_000) },
    413,
    "The body is too large: send less at once.",
  ],
  [
    "no body at sign-in",
    { method: "POST", url: "/api/auth/sign-in/email", headers: bearer },
    400,
    "The body is empty",
  ],
  [
    "a list at sign-in",
    { method: "POST", url: "/api/auth/sign-in/email", headers: bearer, payload: "[]" },
    400,
    "The input must be an object.",
  ],
  ["a broken escape", { url: "/api/v1/journeys/%zz" }, 400, "The address is not well-formed."],
  ["an unknown procedure", { url: "/api/trpc/nothing.get" }, 404, "There is no such procedure."],
  [
    "the wrong method",
    { url: "/api/trpc/setup.complete" },
    405,
    "Queries are asked by GET, changes by POST.",
  ],
  [
    "U+0000",
    { method: "POST", url: "/api/v1/keys", headers: bearer, payload: '{"kind":"api","name":"a\\u0000b"}' },
    400,
    "A text holds a character that cannot be stored (U+0000): remove it.",
  ],
]

test.each(faults)("%s is told in our own words, with every header", async (_name, call, status, detail) => {
  const answer = await server.app.inject(call)
  expect(answer.statusCode).toBe(status)
  expect(answer.body).toContain(detail)
  expect(answer.body).not.toMatch(/FST_|Unexpected token|Expected property|node_modules/)
  expect(answer.headers["x-content-type-options"]).toBe("nosniff")
})

test("no file outside of the web app's folder is served", async () => {
  for (const url of [
    "/..%2f..%2fserver%2fpackage.json",
    "/assets/..%2f..%2f..%2fserver%2fpackage.json",
    "/.env",
    "/a%00b",
  ]) {
    const answer = await server.app.inject({ url })
    expect([200, 404]).toContain(answer.statusCode)
    expect(answer.body).not.toContain("@viaggio/server")
  }
})
