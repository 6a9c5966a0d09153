const inLondon = new Intl.DateTimeFormat("en-GB", {
  timeZone: "Europe/London",
  hourCycle: "h23",
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
})

/** What a clock in London shows at an instant, in the form of the file: "2010-12-01 08:26:00". */
function londonText(at) {
  const { year, month, day, hour, minute, second } = Object.fromEntries(
    inLondon.formatToParts(at).map(({ type, value }) => [type, value]),
  )
  return `${year}-${month}-${day} ${hour}:${minute}:${second}`
}

/**
 * The instant (ms since 1970) of a local London time such as "2010-12-01 08:26:00". An hour that occurs twice in
 * autumn is the first one; one that spring leaves out moves on by an hour. Throws on any other form of text.
 */
export function parseLondonTime(text) {
  const asUtc = Date.parse(`${text.replace(" ", "T")}Z`)
  if (!/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(text) || Number.isNaN(asUtc))
    throw new Error(`"${text}" is no date and time of the form 2010-12-01 08:26:00`)
  const asSummerTime = asUtc - 3_600_000
  return londonText(asSummerTime) === text ? asSummerTime : asUtc
}
