import type { Logger } from "pino"

/**
 * What nobody caught. A promise that was rejected without anybody looking harms nothing beyond its own work, which is
 * tried again from the database: it is logged, and the rest goes on. An error thrown past everything may have left
 * things half-done in memory: the process ends with a sentence, for all that counts is in the database.
 */
export function catchTheRest(log: Pick<Logger, "error" | "fatal">, end: (sentence: string) => void): void {
  process.on("unhandledRejection", reason => {
    log.error({ err: reason }, "a promise was rejected and nobody looked; the work goes on")
  })
  process.on("uncaughtException", error => {
    log.fatal({ err: error }, "an error that nobody caught ends the process")
    end(`Viaggio stops because of an error that nobody caught: ${error.message}. The log has more.`)
  })
}
