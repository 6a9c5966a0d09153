import { defineConfig } from "@playwright/test"
import { launchOptions } from "./browser.ts"

/** Every spec runs against a server of its own (fixtures/server.ts) on a port that was free, so nothing collides. */
export default defineConfig({
  testDir: "specs",
  globalSetup: "./fixtures/build.ts",
  workers: 1,
  forbidOnly: process.env.CI !== undefined,
  reporter: "list",
  timeout: 60_000,
  expect: { timeout: 10_000 },
  use: {
    browserName: "chromium",
    launchOptions,
    viewport: { width: 1440, height: 900 },
    locale: "en-GB",
    timezoneId: "Europe/Rome",
    colorScheme: "light",
    reducedMotion: "reduce",
    actionTimeout: 10_000,
    trace: "retain-on-first-failure",
    screenshot: "only-on-failure",
  },
})
