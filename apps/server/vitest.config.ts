import { defineConfig } from "vitest/config"

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "testing/**/*.test.ts", "fuzz/**/*.test.ts"],
    globalSetup: ["testing/global-setup.ts"],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    passWithNoTests: true,
    // The driver asks each new connection for its array types and leaves that promise to nobody: a connection that is
    // lost right then rejects it, whatever becomes of the statement that wanted the connection. A server logs it
    // (`catchTheRest`); every other rejection fails the run.
    onUnhandledError: error => !String("query" in error ? error.query : "").includes("pg_catalog.pg_type a"),
  },
})
