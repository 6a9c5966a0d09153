/** Lets tasks run beside each other, and some of them alone. */
export type Turnstile = {
  beside<T>(task: () => Promise<T>): Promise<T>
  /** Waits until nothing else runs; what comes meanwhile waits for it. */
  alone<T>(task: () => Promise<T>): Promise<T>
}

export const createTurnstile = (): Turnstile => {
  const running = new Set<Promise<unknown>>()
  let lone: Promise<unknown> = Promise.resolve()
  let isTaken = false

  const run = <T>(task: () => Promise<T>): Promise<T> => {
    const result = task()
    const over: Promise<unknown> = result.catch(() => undefined).then((): unknown => running.delete(over))
    running.add(over)
    return result
  }

  return {
    async beside(task) {
      while (isTaken) await lone
      return run(task)
    },
    async alone(task) {
      while (isTaken) await lone
      isTaken = true
      const result = Promise.all(running).then(task)
      lone = result
        .catch(() => undefined)
        .then(() => {
          isTaken = false
        })
      return result
    },
  }
}
