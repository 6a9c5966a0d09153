import { startWatchdog } from "../src/watchdog.ts"

// A process for the watchdog's test: it lives for a while, says so, and then hangs or goes on and ends.
startWatchdog({ patienceMs: 500, tickMs: 100 })
setTimeout(() => {
  process.stdout.write("alive\n")
  if (process.argv[2] === "hang") for (;;);
  setTimeout(() => process.exit(0), 1_500)
}, 1_000)
