import type { LaunchOptions } from "@playwright/test"

const isRoot = process.getuid?.() === 0

/** How Chromium is started: the one that `scripts/test.mjs` found, kept from talking to anybody but the test. */
export const launchOptions: LaunchOptions = {
  executablePath: process.env.VIAGGIO_CHROMIUM ?? "/usr/bin/chromium",
  args: [
    ...(isRoot ? ["--no-sandbox"] : []),
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
}
