/** npm run soak -- editor */
import { soakEditor } from "./editor.ts"

const soaks: { [name: string]: () => Promise<string[]> } = { editor: soakEditor }
const name = process.argv[2] ?? ""
const soak = soaks[name]
if (!soak) {
  process.stderr.write(`npm run soak -- ${Object.keys(soaks).join(" | ")}\n`)
  process.exit(2)
}
const faults = await soak()
for (const fault of faults) process.stderr.write(`${fault}\n`)
process.stdout.write(faults.length === 0 ? "no fault\n" : `${faults.length} faults\n`)
process.exitCode = faults.length === 0 ? 0 : 1
