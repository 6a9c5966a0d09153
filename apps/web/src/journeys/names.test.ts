import { describe, expect, it } from "vitest"
import { copyName } from "./names.ts"

const say = (name: string, number: number) => (number === 1 ? `${name} (copy)` : `${name} (copy ${number})`)

describe("the name of a copy", () => {
  it("says that it is one", () => expect(copyName("Welcome", ["Welcome"], say)).toBe("Welcome (copy)"))

  it("counts where the name is taken", () =>
    expect(copyName("Welcome", ["Welcome (copy)", "Welcome (copy 2)"], say)).toBe("Welcome (copy 3)"))

  it("stays as short as a name may be and keeps its end", () => {
    const name = copyName("w".repeat(120), [], say)
    expect(name).toHaveLength(120)
    expect(name.endsWith("w… (copy)")).toBe(true)
  })
})
