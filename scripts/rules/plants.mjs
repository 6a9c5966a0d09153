/** What `npm run rules:prove` plants, by the rule that must turn red. */
const MODEL = "packages/journey-model/src"
const SERVER = "apps/server/src"
const WEB = "apps/web/src"

/** Every line of these files must be reported by the rule, each by its number. */
const LINE_BY_LINE = [
  {
    rule: "model-clock",
    path: `${MODEL}/values/planted-clock.ts`,
    lines: [
      "export const a = Date.now()",
      "export const b = new Date()",
      'export const c = Date["now"]()',
      "export const d = Date()",
      "export const e = Temporal.Now.instant()",
      "const clock = Date",
    ],
  },
  {
    rule: "model-chance",
    path: `${MODEL}/values/planted-chance.ts`,
    lines: ["export const a = Math.random()", "export const b = crypto.randomUUID()"],
  },
  {
    rule: "model-math",
    path: `${MODEL}/values/planted-math.ts`,
    lines: [
      "export const a = (n: number) => Math.exp(n)",
      "export const b = (n: number) => Math.log(n)",
      "export const c = (n: number) => Math.pow(n, 0.5)",
      "export const d = (n: number) => Math.sin(n)",
      "export const e = (n: number) => n ** 0.5",
      "export const { log } = Math",
    ],
  },
  {
    rule: "model-locale",
    path: `${MODEL}/values/planted-locale.ts`,
    lines: [
      'export const a = (x: string) => x.localeCompare("b")',
      "export const b = (at: Date) => at.toLocaleString()",
      'export const c = (at: Date) => at.toLocaleDateString("en")',
      'export const d = (at: number) => new Intl.DateTimeFormat("en").format(at)',
      "export const e = (n: number) => new Intl.NumberFormat().format(n)",
      "export const f = (x: string) => x.toLocaleUpperCase()",
    ],
  },
  {
    rule: "model-local-time",
    path: `${MODEL}/values/planted-local-time.ts`,
    lines: [
      "export const a = (at: Date) => at.getHours()",
      "export const b = (at: Date) => at.setDate(1)",
      "export const c = (at: Date) => at.toDateString()",
      "export const d = new Date(2026, 10, 21)",
    ],
  },
  {
    rule: "server-ports",
    path: `${SERVER}/planted/planted-ports.ts`,
    lines: [
      "export const a = () => Date.now()",
      "export const b = () => new Date()",
      "export const c = () => Math.random()",
      'import { randomUUID } from "node:crypto"',
    ],
  },
  {
    rule: "web-ports",
    path: `${WEB}/planted/planted-ports.ts`,
    lines: [
      "export const a = () => Date.now()",
      "export const b = () => new Date()",
      "export const c = () => Math.random()",
      "export const d = () => crypto.randomUUID()",
    ],
  },
  {
    rule: "one-environment-reader",
    path: `${SERVER}/planted/planted-environment.ts`,
    lines: [
      "export const a = process.env.PORT",
      'export const b = process["env"]',
      'import { env } from "node:process"',
      "export const { env: c } = process",
    ],
  },
  {
    rule: "routers-hold-no-sql",
    path: `${SERVER}/planted/planted-routes.ts`,
    lines: [
      "export const a = (sql: any) => sql`SELECT 1`",
      'export const b = "SELECT id FROM journeys"',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the text itself is what is planted
      "export const c = (id: string) => `DELETE FROM journeys WHERE id = ${id}`",
    ],
  },
]

/** Each of these files breaks one rule as a whole. */
const FILE_BY_FILE = [
  ["no-cycles", `${MODEL}/values/planted-cycle-back.ts`, 'export * from "./planted-cycle.ts"'],
  ["not-resolvable", `${MODEL}/values/planted-lost.ts`, 'export * from "./nowhere.ts"'],
  [
    "model-values-imports-upwards",
    `${MODEL}/values/planted-up.ts`,
    'import "../conditions/planted-target.ts"',
  ],
  [
    "model-conditions-imports-upwards",
    `${MODEL}/conditions/planted-up.ts`,
    'import "../journey/planted-target.ts"',
  ],
  [
    "model-conditions-imports-upwards",
    `${MODEL}/content/planted-up.ts`,
    'import "../node-types/planted-target.ts"',
  ],
  [
    "model-node-types-imports-upwards",
    `${MODEL}/node-types/planted-up.ts`,
    'import "../journey/planted-target.ts"',
  ],
  ["model-journey-imports-upwards", `${MODEL}/journey/planted-up.ts`, 'import "../engine/planted-target.ts"'],
  ["model-shapes-are-types-only", `${MODEL}/conditions/planted-shape.ts`, 'import "../engine/types.ts"'],
  ["model-has-no-node-modules", `${MODEL}/values/planted-core.ts`, 'import "node:fs"'],
  [
    "model-stands-alone",
    `${MODEL}/values/planted-app.ts`,
    'import "../../../../apps/server/src/planted/planted-target.ts"',
  ],
  ["web-imports-server-types-only", `${WEB}/planted/planted-server.ts`, 'import "@viaggio/server"'],
  [
    "server-does-not-import-web",
    `${SERVER}/planted/planted-web.ts`,
    'import "../../../web/src/planted/planted-target.ts"',
  ],
  [
    "packages-by-name",
    `${WEB}/planted/planted-deep.ts`,
    'import "../../../../packages/journey-model/src/values/planted-target.ts"',
  ],
  [
    "packages-by-name",
    `${SERVER}/planted/planted-path.ts`,
    'import "../../../../packages/journey-model/src/index.ts"',
  ],
  [
    "router-imports-no-store",
    `${SERVER}/planted/planted-store-routes.ts`,
    'import "./planted-target-store.ts"',
  ],
  [
    "router-imports-no-store",
    `${SERVER}/api/planted-store.ts`,
    'import "../planted/planted-target-store.ts"',
  ],
  ["router-imports-no-store", `${SERVER}/api/planted-drizzle.ts`, 'import "drizzle-orm"'],
  ["router-imports-no-database", `${SERVER}/api/planted-database.ts`, 'import "../db/planted-target.ts"'],
  ["service-imports-no-router", `${SERVER}/planted/planted-service.ts`, 'import "../api/planted-target.ts"'],
  ["sql-lives-in-stores", `${SERVER}/planted/planted-sql.ts`, 'import "drizzle-orm"'],
  ["store-imports-no-service", `${SERVER}/planted/planted-store.ts`, 'import "./planted-target-service.ts"'],
  ["database-imports-no-domain", `${SERVER}/db/planted-domain.ts`, 'import "../planted/planted-target.ts"'],
  ["unused-files", `${MODEL}/values/planted-unused.ts`, "export const nobody = 1"],
  ["unused-files", `${SERVER}/planted/planted-unused.ts`, "export const nobody = 1"],
  ["unused-files", `${WEB}/planted/planted-unused.ts`, "export const nobody = 1"],
  ["unused-exports", `${SERVER}/planted/planted-export.ts`, "export const used = 1\nexport const nobody = 2"],
]

/** What the plants above import; harmless in itself. */
const TARGETS = [
  ...["values", "conditions", "node-types", "journey", "engine"].map(
    folder => `${MODEL}/${folder}/planted-target.ts`,
  ),
  `${SERVER}/planted/planted-target.ts`,
  `${SERVER}/planted/planted-target-store.ts`,
  `${SERVER}/planted/planted-target-service.ts`,
  `${SERVER}/api/planted-target.ts`,
  `${SERVER}/db/planted-target.ts`,
  `${WEB}/planted/planted-target.ts`,
]

/** Code that comes close and is allowed: a rule that reports it would soon be switched off. */
export const INNOCENT = {
  path: `${MODEL}/values/planted-innocent.ts`,
  text: `// Date.now() and Math.random() in a comment, and "process.env" in a text
export const text = "Date.now() Math.random() process.env"
export const a = (at: number) => new Date(at).getUTCHours()
export const b = (at: unknown) => at instanceof Date && Date.UTC(2026, 10, 21) > 0
export const c = Math.floor(Math.abs(2 ** 32))
export const d = new Intl.DateTimeFormat("en", { timeZone: "UTC" })
export const e = (x: string) => x.toLocaleUpperCase("en") + new Intl.NumberFormat("it").format(1)
export type Zone = Intl.DateTimeFormatOptions`,
}

/** Lines that the model's tsconfig must refuse to compile, because it has neither DOM nor Node. */
export const NO_IO = {
  path: `${MODEL}/values/planted-io.ts`,
  lines: ["fetch", "setTimeout", "console", "process", "URL", "structuredClone", "performance"].map(
    name => `export const a_${name} = ${name}`,
  ),
}

/** A dependency that its package does not use. */
export const DEPENDENCY = { manifest: "apps/web/package.json", name: "left-over-of-a-rewrite" }

/** path → text of every planted source. */
export const PLANTED = new Map([
  ...LINE_BY_LINE.map(({ path, lines }) => [path, lines.join("\n")]),
  ...FILE_BY_FILE.map(([, path, text]) => [path, text]),
  ...TARGETS.map(path => [path, "export {}"]),
  [`${MODEL}/values/planted-cycle.ts`, 'export * from "./planted-cycle-back.ts"'],
  [
    `${SERVER}/planted/planted-export.test.ts`,
    'import "./planted-export.ts"\nimport { used } from "./planted-export.ts"\nvoid used',
  ],
  [INNOCENT.path, INNOCENT.text],
  [NO_IO.path, NO_IO.lines.join("\n")],
])

/** Which rule must be red, in which file, and on which line where it matters. */
export const EXPECTED = [
  ...LINE_BY_LINE.flatMap(({ rule, path, lines }) =>
    lines.map((text, index) => ({ rule, path, line: index + 1, shown: text })),
  ),
  ...FILE_BY_FILE.map(([rule, path, text]) => ({ rule, path, shown: text.split("\n").at(-1) })),
  { rule: "unused-dependencies", path: DEPENDENCY.manifest, shown: DEPENDENCY.name },
]
