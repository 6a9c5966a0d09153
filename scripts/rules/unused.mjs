import { execFile } from "node:child_process"
import { join } from "node:path"

/** What knip finds below `root`: files, exports and dependencies that nothing uses, and dependencies not named. */
export async function checkUnused(root) {
  const knip = join(root, "node_modules/knip/bin/knip.js")
  const printed = await new Promise((resolve, reject) => {
    const options = { cwd: root, maxBuffer: 64 << 20 }
    execFile(
      process.execPath,
      [knip, "--reporter", "json", "--no-progress"],
      options,
      (error, stdout, stderr) =>
        error && error.code !== 1
          ? reject(new Error(`knip did not run: ${stderr || error.message}`))
          : resolve(stdout),
    )
  })
  const { issues } = JSON.parse(printed)
  const violations = issues.flatMap(({ file, ...kinds }) =>
    Object.entries(kinds).flatMap(([kind, found]) =>
      Array.isArray(found) && kind !== "owners"
        ? found.map(item => ({ rule: `unused-${kind}`, path: file, line: item.line, text: item.name ?? "" }))
        : [],
    ),
  )
  return { files: issues.length, violations }
}
