import { setTimeout as pause } from "node:timers/promises"

const EVERY_MS = 10

/** Asks until the answer is as wished, and answers it; the test's own time limit ends it. */
export const untilAnswer = async <T>(
  ask: () => T | Promise<T>,
  isRight: (answer: T) => boolean,
): Promise<T> => {
  for (;;) {
    const answer = await ask()
    if (isRight(answer)) return answer
    await pause(EVERY_MS)
  }
}

/** Waits until it is so; the test's own time limit ends it. */
export const until = async (isSo: () => boolean | Promise<boolean>): Promise<void> => {
  await untilAnswer(isSo, answer => answer)
}
