import * as z from "zod"

type Parses<Value> = { safeParse(value: unknown): z.ZodSafeParseResult<Value> }

/**
 * Like the schema's own `safeParse`, and it never throws: zod 4 asks a value for its `length` before it knows the
 * value's type, and an object whose length cannot be compared (`{ "length": { "toString": 1 } }`) makes it throw.
 */
export function safeParse<Value>(schema: Parses<Value>, value: unknown): z.ZodSafeParseResult<Value> {
  try {
    return schema.safeParse(value)
  } catch {
    const issue = {
      code: "custom" as const,
      path: [],
      message: "it has a value that cannot be read",
      input: undefined,
    }
    return { success: false, error: new z.ZodError([issue]) as z.ZodError<Value> }
  }
}
