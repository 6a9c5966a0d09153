import { expect, test } from "vitest"
import { networkOf } from "./network.ts"

test.each([
  ["10.1.2.3", "10.1.2.3"],
  ["::ffff:10.1.2.3", "10.1.2.3"],
  ["2001:db8:0:12:1::5", "2001:db8:0:12"],
  ["2001:DB8:0:12:ffff:1:2:3", "2001:db8:0:12"],
  ["2001:db8::1", "2001:db8:0:0"],
  ["::1", "0:0:0:0"],
  ["fe80::1%eth0", "fe80:0:0:0"],
])("%s belongs to %s", (address, network) => {
  expect(networkOf(address)).toBe(network)
})
