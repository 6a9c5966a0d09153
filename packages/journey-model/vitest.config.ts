import { defineConfig } from "vitest/config"

export default defineConfig({
  // Laws run hundreds of cases; a machine that is busy with other things must not make them fail.
  test: { testTimeout: 120_000 },
})
