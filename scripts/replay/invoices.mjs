import { createReadStream } from "node:fs"
import { createGunzip } from "node:zlib"
import Papa from "papaparse"
import { parseLondonTime } from "./london-time.mjs"

const COLUMNS = ["InvoiceNo", "StockCode", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country"]

/**
 * The invoices of an Online Retail file (.csv or .csv.gz) in order of time, those of one instant in the file's
 * order: `{ number, at, customerId, country, total, products, hasSale }`. `at` is ms since 1970, of the first line
 * where the lines of one invoice took longer than a minute; `total` is pounds with two decimals over all lines;
 * `hasSale`: a line with a quantity and a price above 0. Throws when a column is missing or a line is unreadable.
 */
export async function readInvoices(path) {
  const invoices = new Map()
  let line = 1
  for await (const row of readRows(path)) {
    line += 1
    addLine(invoices, row, line)
  }
  return [...invoices.values()].map(toInvoice).sort((a, b) => a.at - b.at)
}

function readRows(path) {
  const bytes = createReadStream(path)
  const text = path.endsWith(".gz") ? bytes.pipe(createGunzip()) : bytes
  bytes.on("error", error => text.destroy(error))
  const rows = Papa.parse(Papa.NODE_STREAM_INPUT, { header: true, skipEmptyLines: true })
  text.on("error", error => rows.destroy(error))
  return text.pipe(rows)
}

function addLine(invoices, row, line) {
  const missing = COLUMNS.filter(column => row[column] === undefined)
  if (missing.length > 0) throw new Error(`line ${line} has no ${missing.join(", ")}`)
  const quantity = Number(row.Quantity)
  const price = parseThousandths(row.UnitPrice)
  if (!Number.isInteger(quantity) || price === undefined)
    throw new Error(`line ${line}: quantity "${row.Quantity}" or price "${row.UnitPrice}" is no number`)
  const number = row.InvoiceNo
  let invoice = invoices.get(number)
  if (!invoice) {
    invoice = { number, date: row.InvoiceDate, customerId: row.CustomerID, country: row.Country }
    Object.assign(invoice, { thousandths: 0, codes: new Set(), hasSale: false })
    invoices.set(number, invoice)
  }
  if (row.InvoiceDate < invoice.date) invoice.date = row.InvoiceDate
  invoice.thousandths += quantity * price
  invoice.codes.add(row.StockCode)
  if (quantity > 0 && price > 0) invoice.hasSale = true
}

/** "2.55" → 2550: the file has prices of a tenth of a penny, and sums of money are never left to floating point. */
function parseThousandths(text) {
  const match = /^(-?)(\d+)(?:\.(\d{1,3}))?$/.exec(text)
  if (!match) return undefined
  const [, sign, whole, part = ""] = match
  const value = Number(whole) * 1000 + Number(part.padEnd(3, "0"))
  return sign ? -value : value
}

function toInvoice({ number, date, customerId, country, thousandths, codes, hasSale }) {
  const total = Math.floor((thousandths + 5) / 10) / 100
  return { number, at: parseLondonTime(date), customerId, country, total, products: codes.size, hasSale }
}
