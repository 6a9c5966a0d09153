// Bundles the server and the model, which are TypeScript, into one file per program; npm packages stay outside.
import { build } from "esbuild"

await build({
  ...(process.argv[2] === undefined
    ? { entryPoints: { main: "src/main.ts", backup: "src/backup/command.ts" }, outdir: "dist" }
    : { entryPoints: ["src/main.ts"], outfile: process.argv[2] }),
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node20",
  sourcemap: true,
  logLevel: "warning",
  plugins: [
    {
      name: "npm-packages-outside",
      setup({ onResolve }) {
        onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
          kind === "entry-point" || path.startsWith("@viaggio/") ? undefined : { path, external: true },
        )
      },
    },
  ],
})
