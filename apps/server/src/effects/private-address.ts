import { BlockList, isIP } from "node:net"

const inside = new BlockList()

for (const [network, bits] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
] as const)
  inside.addSubnet(network, bits, "ipv4")

for (const [network, bits] of [
  // Unspecified, loopback and the old "compatible" form of IPv4 addresses.
  ["::", 96],
  ["64:ff9b:1::", 48],
  ["100::", 64],
  // Teredo and 6to4 carry an IPv4 address that a relay would go to.
  ["2001::", 32],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["fc00::", 7],
  ["fe80::", 10],
  ["fec0::", 10],
  ["ff00::", 8],
] as const)
  inside.addSubnet(network, bits, "ipv6")

/** The IPv4 address in the last 32 bits of a mapped (`::ffff:…`) or translated (`64:ff9b::…`) one. */
const embedded = (address: string): string | undefined => {
  const groups = groupsOf(address)
  if (groups === undefined) return undefined
  const head = groups.slice(0, 6).join(":")
  if (head !== "0:0:0:0:0:ffff" && head !== "64:ff9b:0:0:0:0") return undefined
  const [high = 0, low = 0] = groups.slice(6).map(group => Number.parseInt(group, 16))
  return [high >> 8, high & 255, low >> 8, low & 255].join(".")
}

/** The eight groups of an IPv6 address in hexadecimal without leading zeros. */
const groupsOf = (address: string): string[] | undefined => {
  // The URL parser writes every form of an address in one way, also one that ends like an IPv4 address.
  const text = `http://[${address.replace(/%.*$/, "")}]`
  if (!URL.canParse(text)) return undefined
  const [head = "", tail] = new URL(text).hostname.slice(1, -1).split("::")
  const before = head === "" ? [] : head.split(":")
  const after = tail === undefined || tail === "" ? [] : tail.split(":")
  return [...before, ...Array.from({ length: 8 - before.length - after.length }, () => "0"), ...after]
}

/**
 * Whether an IP address is no place of the public internet: loopback, private, link-local (where cloud providers
 * answer for credentials), shared, documentation, multicast, reserved; also inside an IPv6 address. A text that is
 * no address counts as private.
 */
export const isPrivateAddress = (address: string): boolean => {
  const family = isIP(address)
  if (family === 4) return inside.check(address, "ipv4")
  if (family !== 6) return true
  const v4 = embedded(address)
  return v4 === undefined ? inside.check(address.replace(/%.*$/, ""), "ipv6") : inside.check(v4, "ipv4")
}
