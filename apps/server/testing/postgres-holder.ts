// A process that holds the shipped PostgreSQL as the server does, to be killed by a test.
import { startPostgres } from "../src/db/postgres/supervisor.ts"

const onLost = (error: Error) => {
  throw error
}
await startPostgres({ dataFolder: process.argv[2]!, settings: { fsync: "off" }, say: () => {}, onLost })
process.stdout.write("holding\n")
setInterval(() => {}, 60_000)
