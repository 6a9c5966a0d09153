import fc from "fast-check"
import { describe, expect, test } from "vitest"
import {
  createEncodingSniffer,
  type Delimiter,
  decode,
  delimiters,
  readRecords,
  sniffDelimiter,
  writeRecords,
} from "./csv.ts"

async function* inPieces(text: string, size: number): AsyncGenerator<string> {
  for (let i = 0; i < text.length; i += size) yield text.slice(i, i + size)
}
const records = async (text: string, delimiter: Delimiter = ",", size = 7) => {
  const found = []
  for await (const record of readRecords(inPieces(text, size), delimiter)) found.push(record)
  return found
}

describe("rows", () => {
  const table: [about: string, text: string, expected: [line: number, ...fields: string[]][]][] = [
    [
      "plain",
      "a,b\n1,2\n",
      [
        [1, "a", "b"],
        [2, "1", "2"],
      ],
    ],
    [
      "without an end",
      "a,b\n1,2",
      [
        [1, "a", "b"],
        [2, "1", "2"],
      ],
    ],
    [
      "of Windows",
      "a,b\r\n1,2\r\n",
      [
        [1, "a", "b"],
        [2, "1", "2"],
      ],
    ],
    [
      "of an old Mac",
      "a,b\r1,2\r",
      [
        [1, "a", "b"],
        [2, "1", "2"],
      ],
    ],
    [
      "with empty lines between",
      "a,b\n\n \n1,2\n",
      [
        [1, "a", "b"],
        [4, "1", "2"],
      ],
    ],
    [
      "with quotes",
      'a,b\n"x, y","say ""hi"""\n',
      [
        [1, "a", "b"],
        [2, "x, y", 'say "hi"'],
      ],
    ],
    [
      "over several lines",
      'a,b\n"one\ntwo",2\n3,4',
      [
        [1, "a", "b"],
        [2, "one\ntwo", "2"],
        [4, "3", "4"],
      ],
    ],
    [
      "with a quote inside",
      'a,b\n5" pipe,2\n3,4',
      [
        [1, "a", "b"],
        [2, '5" pipe', "2"],
        [3, "3", "4"],
      ],
    ],
    [
      "with too few and too many",
      "a,b\n1\n1,2,3",
      [
        [1, "a", "b"],
        [2, "1"],
        [3, "1", "2", "3"],
      ],
    ],
  ]
  test.each(table)("%s", async (_, text, expected) => {
    for (const size of [1, 2, 1_000]) {
      const found = await records(text, ",", size)
      expect(found.map(({ line, fields }) => [line, ...fields])).toEqual(expected)
    }
  })

  test("a quote that never closes spoils its own line only", async () => {
    const text = `id,name\n1,"Tom\n${Array.from({ length: 200 }, (_, i) => `${i + 2},n${i}`).join("\n")}\n`
    const found = await records(text)
    expect(found).toHaveLength(202)
    expect(found[1]).toEqual({ line: 2, fields: ['1,"Tom'], broken: true })
    expect(found.slice(2).every(({ broken, fields }) => !broken && fields.length === 2)).toBe(true)
  })

  test("an open quote does not swallow rows up to the next one", async () => {
    const found = await records('id,name\n1,"Tom\n2,Ann\n3,"Eve"\n4,Bob\n')
    expect(found.map(({ line, broken }) => [line, broken === true])).toEqual([
      [1, false],
      [2, true],
      [3, false],
      [4, false],
      [5, false],
    ])
  })

  test("what is written is read again as it was", async () => {
    const field = fc.string({ unit: "grapheme", maxLength: 12 }).map(text => text.replaceAll(/[\r\0]/g, ""))
    const rows = fc.array(fc.array(field, { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 8 })
    await fc.assert(
      fc.asyncProperty(
        rows,
        fc.constantFrom(...delimiters),
        fc.integer({ min: 1, max: 9 }),
        async (given, delimiter, size) => {
          const wanted = given.filter(row => row.some(text => text.trim() !== "" || text !== ""))
          const text = writeRecords([["a", "b", "c"], ...wanted], delimiter)
          const found = await records(text, delimiter, size)
          const defused = (value: string) => (/^[=+\-@\t\r]/.test(value) ? `'${value}` : value)
          expect(found.slice(1).map(({ fields }) => fields)).toEqual(
            wanted.map(row => row.map(value => defused(value).replaceAll("\r\n", "\n"))),
          )
        },
      ),
    )
  })
})

describe("delimiters are guessed", () => {
  test.each([
    ["name,city\nAnn,Rome\nBob,Milan", ","],
    ["id;mail\n1;a\n2;b\n", ";"],
    ["name;note\nAnn;a, b\nBob;c, d", ";"],
    ["name\tcity\nAnn\tRome", "\t"],
    ["name|city\nAnn|Rome", "|"],
    ["email\na@example.com\nb@example.com", ","],
  ])("%j", (text, delimiter) => expect(sniffDelimiter(text)).toBe(delimiter))
})

describe("encodings are noticed", () => {
  const sniff = (bytes: Buffer, size: number) => {
    const sniffer = createEncodingSniffer()
    for (let i = 0; i < bytes.length; i += size) sniffer.take(bytes.subarray(i, i + size))
    return sniffer.end()
  }
  const read = async (bytes: Buffer, encoding: Parameters<typeof decode>[1]) => {
    async function* pieces() {
      for (let i = 0; i < bytes.length; i += 3) yield bytes.subarray(i, i + 3)
    }
    let text = ""
    for await (const piece of decode(pieces(), encoding)) text += piece
    return text
  }
  test.each([
    ["UTF-8", Buffer.from("città,è"), "utf-8"],
    ["with a mark before it", Buffer.from("\ufeffcittà,è"), "utf-8"],
    ["Latin-1", Buffer.from("città,è", "latin1"), "windows-1252"],
    ["UTF-16", Buffer.from("\ufeffcittà,è", "utf16le"), "utf-16le"],
  ] as const)("%s", async (_, bytes, encoding) => {
    for (const size of [2, 1_000]) expect(sniff(bytes, size)).toBe(encoding)
    expect(await read(bytes, encoding)).toBe("città,è")
  })
  test("a spreadsheet is no text", () => expect(sniff(Buffer.from("PK\u0003\u0004\0\0"), 2)).toBeUndefined())
})
