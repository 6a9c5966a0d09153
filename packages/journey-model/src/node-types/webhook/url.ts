/** An address as it is written: scheme, what stands before an @, host without brackets, query. */
export type WrittenUrl = { secure: boolean; user: string; host: string; query: string }

const pattern =
  /^(https?):\/\/(?:([^/?#@\s]*)@)?(\[[0-9a-f:.]+\]|[^\s/?#:@[\]{}<>"\\^`|]+)(?::\d{1,5})?(?:\/[^\s?#{}<>"\\^`|]*)?(?:\?([^\s#{}<>"\\^`|]*))?$/i

/** Reads an http or https address; undefined when it is none. The model has no URL parser at hand. */
export function readUrl(text: string): WrittenUrl | undefined {
  const [, scheme = "", user = "", host = "", query = ""] = pattern.exec(text) ?? []
  if (host === "") return undefined
  return {
    secure: scheme.toLowerCase() === "https",
    user,
    host: host.replace(/^\[|\]$/g, "").toLowerCase(),
    query,
  }
}

const secretName = /(?:^|[_.-])(?:api[_-]?key|key|token|secret|password|passwd|pwd|sig|signature|auth)$/i

/** The name of a part of the address that looks like a secret: a password, or `?token=…`. */
export function secretIn({ user, query }: WrittenUrl): string | undefined {
  if (user.includes(":")) return "password"
  return query
    .split("&")
    .map(pair => pair.split("="))
    .find(([name = "", value = ""]) => value !== "" && secretName.test(name))?.[0]
}

const privateV4 =
  /^(?:0|10|127)\.|^169\.254\.|^192\.168\.|^172\.(?:1[6-9]|2\d|3[01])\.|^100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\./

/**
 * Whether a host is written as an address of a private network, or as this machine. Only what can be seen without
 * asking: the server looks again at the address that a name really leads to.
 */
export function isPrivateHost(host: string): boolean {
  if (host === "localhost" || host.endsWith(".localhost") || host.endsWith(".internal")) return true
  if (host.includes(":")) return /^(?:::1?$|::ffff:|f[cd]|fe[89ab])/.test(host)
  // A number alone, or with hexadecimal or octal parts, is an address too, and one that is meant not to be seen.
  if (/^(?:\d+|0x[0-9a-f]+)$/.test(host)) return true
  return /^\d+\.\d+\.\d+\.\d+$/.test(host) && privateV4.test(host)
}
