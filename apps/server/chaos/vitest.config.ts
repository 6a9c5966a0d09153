import { defineConfig } from "vitest/config"

/** Apart from the other tests: it brings a PostgreSQL that it may kill, and its load would disturb theirs. */
export default defineConfig({
  test: { dir: import.meta.dirname, include: ["**/*.test.ts"], disableConsoleIntercept: true },
})
