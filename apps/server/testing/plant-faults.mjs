/** Preloaded into a server under test: signals bring faults that nobody catches. */
process.on("SIGUSR2", () => void Promise.reject(new Error("planted rejection")))
process.on("SIGWINCH", () =>
  setImmediate(() => {
    throw new Error("planted error")
  }),
)
