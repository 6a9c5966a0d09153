import { appendFile, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { afterEach, beforeEach, expect, test } from "vitest"
import { makeDataFolder } from "../../testing/data-folder.ts"
import { systemPorts } from "../ports.ts"
import { createSentJournal, readSentJournal } from "./sent-journal.ts"

const installation = "9a1c7c54-6a2b-4a53-9d6c-0f3f0d6a1f00"
const start = Date.parse("2026-11-21T23:59:00Z")
let dataFolder: string
let now: number
beforeEach(async () => {
  dataFolder = await makeDataFolder()
  now = start
})
afterEach(() => rm(dataFolder, { recursive: true, force: true }))

const ports = { ...systemPorts(), now: () => now }
const id = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, "0")}`
const bare = (n: number) => id(n).replaceAll("-", "")
const make = () => createSentJournal({ dataFolder, installation, ports })
const folder = () => join(dataFolder, "sent", installation)

test("what was noted is in a file before the promise resolves", async () => {
  const journal = make()
  await journal.before([id(1), id(2)])
  const [name] = await readdir(folder())
  expect(await readFile(join(folder(), name!), "utf8")).toBe(`+${bare(1)}\n+${bare(2)}\n`)
  await journal.close()
})

test("what waits for a write goes into the next one together", async () => {
  const journal = make()
  await Promise.all(Array.from({ length: 50 }, (_, n) => journal.before([id(n)])))
  const { ids } = await readSentJournal(dataFolder, installation, start)
  expect(ids.size).toBe(50)
  await journal.close()
})

test("what was not taken does not count as sent, unless another try was", async () => {
  const journal = make()
  await journal.before([id(1), id(2), id(3)])
  journal.notTaken([id(1), id(2)])
  await journal.before([id(2)])
  await journal.close()
  const { ids } = await readSentJournal(dataFolder, installation, start)
  expect([...ids].sort()).toEqual([bare(2), bare(3)])
})

test("what one process could not send and another one could counts as sent", async () => {
  const [one, other] = [make(), make()]
  await other.before([id(1)])
  await one.before([id(1)])
  one.notTaken([id(1)])
  await one.close()
  await other.close()
  expect((await readSentJournal(dataFolder, installation, start)).ids.size).toBe(1)
})

test("several processes and days are read as one, and a line that was cut off is none", async () => {
  const [one, other] = [make(), make()]
  await one.before([id(1)])
  now += 120_000
  await one.before([id(2)])
  await other.before([id(3)])
  await one.close()
  await other.close()
  await appendFile(join(folder(), (await readdir(folder())).sort()[0]!), "+0000")
  const { files, ids } = await readSentJournal(dataFolder, installation, start)
  expect({ files, ids: [...ids].sort() }).toEqual({ files: 3, ids: [bare(1), bare(2), bare(3)] })
})

test("files older than any backup that can be reconciled go away", async () => {
  await mkdir(folder(), { recursive: true })
  await writeFile(join(folder(), "2026-10-01-old.log"), `+${bare(9)}\n`)
  const journal = make()
  await journal.before([id(1)])
  await journal.close()
  expect(await readdir(folder())).toHaveLength(1)
})

test("where nothing can be written nothing may be sent, and the reason is known", async () => {
  await writeFile(join(dataFolder, "sent"), "a file where the folder should be")
  const journal = make()
  await expect(journal.before([id(1)])).rejects.toThrow()
  expect(journal.trouble()).toMatchObject({ since: start, error: expect.stringMatching(/ENOTDIR|EEXIST/) })
  await rm(join(dataFolder, "sent"))
  await journal.before([id(1)])
  expect(journal.trouble()).toBeUndefined()
  await journal.close()
})
