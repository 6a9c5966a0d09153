import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { gzipSync } from "node:zlib"
import { afterAll, expect, test } from "vitest"
import { readInvoices } from "./invoices.mjs"

const folder = mkdtempSync(join(tmpdir(), "viaggio-invoices-"))
afterAll(() => rmSync(folder, { recursive: true }))

const HEAD = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
function file(name, lines) {
  const text = HEAD + lines.join("\n")
  writeFileSync(join(folder, name), name.endsWith(".gz") ? gzipSync(text) : text)
  return join(folder, name)
}

test("lines become invoices in order of time, with exact money and distinct products", async () => {
  const path = file("a.csv", [
    '2,X,"A BOX, RED",3,2011-06-01 10:01:00,0.10,,France',
    "1,X,A,2,2011-06-01 10:00:00,0.001,17850,United Kingdom",
    "2,Y,B,-1,2011-06-01 09:59:00,0.20,,France",
    "2,X,C,1,2011-06-01 10:01:00,19.995,,France",
  ])
  expect(await readInvoices(path)).toEqual([
    {
      number: "2",
      at: Date.UTC(2011, 5, 1, 8, 59),
      customerId: "",
      country: "France",
      total: 20.1,
      products: 2,
      hasSale: true,
    },
    {
      number: "1",
      at: Date.UTC(2011, 5, 1, 9),
      customerId: "17850",
      country: "United Kingdom",
      total: 0,
      products: 1,
      hasSale: true,
    },
  ])
})

test("reads gzip, and sees that nothing was sold", async () => {
  const path = file("b.csv.gz", ["3,X,LOST,-5,2010-12-01 08:26:00,0,,United Kingdom"])
  expect(await readInvoices(path)).toMatchObject([{ number: "3", hasSale: false, total: 0 }])
})

test.each([
  { name: "a price that is no number", line: "4,X,A,1,2010-12-01 08:26:00,free,,Italy", text: "line 2" },
  { name: "a date of another form", line: "4,X,A,1,1/12/2010,1,,Italy", text: "is no date and time" },
  { name: "too few columns", line: "4,X", text: "line 2 has no" },
])("stops at $name", async ({ line, text }) => {
  await expect(readInvoices(file("c.csv", [line]))).rejects.toThrow(text)
})

test("says that a file is not there", async () => {
  await expect(readInvoices(join(folder, "nowhere.csv.gz"))).rejects.toThrow("ENOENT")
})
