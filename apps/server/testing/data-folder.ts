import { chmod, mkdtemp } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"

/** An empty folder that PostgreSQL's user can enter when the tests run as root. */
export async function makeDataFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "viaggio-test-"))
  await chmod(folder, 0o755)
  return folder
}
