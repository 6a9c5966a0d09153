import { expect, test } from "vitest"
import { parseLondonTime } from "./london-time.mjs"

test.each([
  { name: "winter is UTC", text: "2010-12-01 08:26:00", expected: "2010-12-01T08:26:00.000Z" },
  { name: "summer is an hour ahead", text: "2011-06-01 10:00:00", expected: "2011-06-01T09:00:00.000Z" },
  { name: "the last minute of winter", text: "2011-03-27 00:59:00", expected: "2011-03-27T00:59:00.000Z" },
  {
    name: "an hour that spring leaves out moves on",
    text: "2011-03-27 01:30:00",
    expected: "2011-03-27T01:30:00.000Z",
  },
  { name: "the first minute of summer", text: "2011-03-27 02:00:00", expected: "2011-03-27T01:00:00.000Z" },
  {
    name: "an hour that occurs twice is the first",
    text: "2011-10-30 01:30:00",
    expected: "2011-10-30T00:30:00.000Z",
  },
  { name: "the first minute of winter", text: "2011-10-30 02:00:00", expected: "2011-10-30T02:00:00.000Z" },
])("$name", ({ text, expected }) => {
  expect(new Date(parseLondonTime(text)).toISOString()).toBe(expected)
})

test.each(["", "2011-06-01", "2011-13-01 10:00:00", "01/06/2011 10:00"])("refuses %j", text => {
  expect(() => parseLondonTime(text)).toThrow("is no date and time")
})
